/** Asks the host for changes of masks, and takes its answers. */
import type { RegionUpdate } from "../../protocol/preview.ts";
import { createLatest, type Latest } from "../host/latest.ts";
import { updated } from "../state/changes-of-state.ts";
import type { PageState } from "../state/page-state.ts";
import type { Store } from "../state/store.ts";

/** What the runner tells. */
export interface RunnerEvents {
  readonly onFailure: (error: unknown) => void;
}

/** A row of requests of one kind; see {@link createLatest}. */
export type UpdateRow = (
  ask: (signal: AbortSignal, take: (update: RegionUpdate) => void) => Promise<RegionUpdate>,
) => Promise<boolean>;

/** A row whose answers go into the store; it resolves with whether the newest request was answered. */
export function updateRow(store: Store<PageState>, { onFailure }: RunnerEvents): UpdateRow {
  const latest: Latest = createLatest();
  return async (ask) => {
    const take = (update: RegionUpdate): void => store.update(updated(store.state, update));
    store.update({ refining: store.state.refining + 1 });
    try {
      const update = await latest((signal) =>
        ask(signal, (early) => {
          if (!signal.aborted) take(early);
        }),
      );
      if (update) take(update);
      return update !== undefined;
    } catch (error) {
      onFailure(error);
      return false;
    } finally {
      store.update({ refining: store.state.refining - 1 });
    }
  };
}
