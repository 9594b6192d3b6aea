/** Other settings of the method: all regions are refined again, live. */

import type { Host } from "../host/host.ts";
import { atOnceAndAtRest } from "../host/latest.ts";
import { withPreset, withSetting } from "../state/changes-of-state.ts";
import type { PageState } from "../state/page-state.ts";
import type { Store } from "../state/store.ts";
import type { MethodSettings, PresetName } from "../types.ts";
import { type RunnerEvents, updateRow } from "./request-runner.ts";

/** What changes the method. */
export interface MethodActions {
  setting<K extends keyof MethodSettings>(name: K, value: MethodSettings[K]): void;
  preset(name: PresetName): void;
  /** The preset as it is. */
  resetMethod(): void;
}

/** Milliseconds without a change before regions are refined again: a slider that is dragged tells every step. */
const WAIT = 120;
/** From so many regions on, the one that is looked at comes first. */
const MANY_REGIONS = 4;

/** Acts on a store and its host. */
export function methodActions(
  store: Store<PageState>,
  host: Pick<Host, "request">,
  events: RunnerEvents,
): MethodActions {
  const row = updateRow(store, {
    onFailure: (error) => {
      if (confirmed) store.update(confirmed);
      events.onFailure(error);
    },
  });
  let confirmed: Pick<PageState, "method" | "resolved"> | undefined;
  const ask = (): void => {
    const { method, selected, regions } = store.state;
    void row(async (signal, take) => {
      if (selected !== undefined && regions.length >= MANY_REGIONS) {
        take(await host.request("refine", { method, regions: [selected] }, signal));
      }
      return host.request("refine", { method }, signal);
    }).then((answered) => {
      if (answered) confirmed = undefined;
    });
  };
  const askSoon = atOnceAndAtRest(ask, WAIT);
  const change = (state: Partial<PageState>, soon: () => void): void => {
    const { method, resolved } = store.state;
    confirmed ??= { method, resolved };
    store.update(state);
    soon();
  };
  return {
    setting: (name, value) => change(withSetting(store.state, name, value), askSoon),
    preset: (name) => change(withPreset(store.state, name), ask),
    resetMethod: () => change(withPreset(store.state, store.state.method.preset), ask),
  };
}
