/** A person's own prompts and choices for the selected region. */

import type { CandidateChoice, OwnPoint, OwnPrompts, RegionView } from "../../protocol/views.ts";
import type { Host } from "../host/host.ts";
import type { PageState } from "../state/page-state.ts";
import { selectedRegion } from "../state/selected-region.ts";
import type { Store } from "../state/store.ts";
import type { Box, Place } from "../types.ts";
import { type RunnerEvents, updateRow } from "./request-runner.ts";

/** What changes a region's own prompts or result. */
export interface PromptActions {
  addPoint(point: OwnPoint): void;
  /** Removes the own point at a place. */
  removePoint(place: Place): void;
  removeLastPoint(): void;
  setBox(box: Box): void;
  clearPrompts(): void;
  /** Takes a candidate; `null` goes back to the method's. */
  choose(choice: CandidateChoice | null): void;
}

const NONE: OwnPrompts = { points: [] };

/** Acts on a store and its host. */
export function promptActions(
  store: Store<PageState>,
  host: Pick<Host, "request">,
  events: RunnerEvents,
): PromptActions {
  const row = updateRow(store, events);
  const selected = (): RegionView | undefined => selectedRegion(store.state);
  const replace = (region: RegionView): void =>
    store.update({ regions: store.state.regions.map((old) => (old.id === region.id ? region : old)) });

  /** Marks are shown at once; when the host refuses, they go. */
  const prompt = (change: (own: OwnPrompts) => OwnPrompts): void => {
    const region = selected();
    if (region === undefined) return;
    const own = change(region.own);
    replace({ ...region, own });
    void row((signal) =>
      host.request("prompt", { region: region.id, own }, signal).catch((error: unknown) => {
        if (!signal.aborted) replace(region);
        throw error;
      }),
    );
  };
  return {
    addPoint: (point) => prompt((own) => ({ ...own, points: [...without(own.points, point), point] })),
    removePoint: (place) => prompt((own) => ({ ...own, points: without(own.points, place) })),
    removeLastPoint: () => {
      if (selected()?.own.points.length) prompt((own) => ({ ...own, points: own.points.slice(0, -1) }));
    },
    setBox: (box) => prompt((own) => ({ ...own, box })),
    clearPrompts: () => {
      const own = selected()?.own;
      if (own && (own.points.length > 0 || own.box)) prompt(() => NONE);
    },
    choose: (choice) => {
      const region = selected();
      if (region) void row((signal) => host.request("choose", { region: region.id, choice }, signal));
    },
  };
}

function without(points: readonly OwnPoint[], { x, y }: Place): OwnPoint[] {
  return points.filter((point) => point.x !== x || point.y !== y);
}
