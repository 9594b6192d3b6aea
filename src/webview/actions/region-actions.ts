/** Looking through regions, and deciding on them. */

import type { Host } from "../host/host.ts";
import { allToggled, neighbour, selection, sorted, toggled } from "../state/changes-of-state.ts";
import type { PageState, SortKey } from "../state/page-state.ts";
import { selectedRegion } from "../state/selected-region.ts";
import type { Store } from "../state/store.ts";
import type { ViewActions } from "./view-actions.ts";

/** What concerns regions. */
export interface RegionActions {
  select(id: number | undefined, zoom?: boolean): void;
  /** Goes some places on in the list, or back. */
  step(by: number): void;
  /** Accepts or rejects; the selected one when absent. */
  toggle(id?: number): void;
  toggleAll(): void;
  sortBy(key: SortKey): void;
  showIteration(iteration: number): void;
  /** The next photo of a review, or the one before. */
  stepReview(by: 1 | -1): void;
}

/** Acts on a store and its host. */
export function regionActions(
  store: Store<PageState>,
  host: Pick<Host, "request">,
  view: Pick<ViewActions, "zoomToRegion">,
  onFailure: (error: unknown) => void,
): RegionActions {
  const select = (id: number | undefined, zoom = store.state.followSelection): void => {
    if (id !== store.state.selected) store.update(selection(store.state.regions, id));
    if (zoom) view.zoomToRegion(id);
  };
  const inReview = (): boolean => store.state.source?.journal !== undefined;
  const tell = (ids: readonly number[]): void => {
    if (!inReview()) return;
    for (const region of ids) {
      const decision = store.state.rejected.has(region) ? "rejected" : "accepted";
      host.request("decide", { region, decision }).catch(onFailure);
    }
  };
  return {
    select,
    step: (by) => select(neighbour(store.state, by)),
    toggle: (id = store.state.selected) => {
      if (id === undefined) return;
      store.update(toggled(store.state, id));
      tell([id]);
    },
    toggleAll: () => {
      store.update(allToggled(store.state));
      tell(store.state.regions.map(({ id }) => id));
    },
    sortBy: (key) => store.update(sorted(store.state, key)),
    showIteration: (iteration) => {
      const region = selectedRegion(store.state);
      const last = (region?.iterations.length ?? 0) - 1;
      if (last >= 0) store.update({ iteration: Math.min(Math.max(iteration, 0), last) });
    },
    stepReview: (by) => {
      if (inReview()) host.request("step", { by }).catch(onFailure);
    },
  };
}
