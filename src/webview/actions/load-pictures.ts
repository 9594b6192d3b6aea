/** Fetches the pictures of the iteration that is shown. */

import type { IterationPictures, RegionView } from "../../protocol/views.ts";
import type { Host } from "../host/host.ts";
import { createLatest, debounce } from "../host/latest.ts";
import type { PageState } from "../state/page-state.ts";
import { selectedRegion } from "../state/selected-region.ts";
import type { Store } from "../state/store.ts";

/** Milliseconds on a region before its pictures are asked for. */
const WAIT = 60;

/** Keeps {@link PageState.pictures} right. Pictures of a region as it is are asked for once. */
export function loadPictures(
  store: Store<PageState>,
  host: Pick<Host, "request">,
  onFailure: (error: unknown) => void,
): void {
  const known = new WeakMap<RegionView["iterations"], Map<number, IterationPictures>>();
  const latest = createLatest();
  const ask = debounce(() => {
    const { iteration } = store.state;
    const region = selectedRegion(store.state);
    if (region?.iterations[iteration] === undefined || store.state.pictures) return;
    latest((signal) => host.request("pictures", { region: region.id, iteration }, signal))
      .then((pictures) => {
        if (pictures === undefined) return;
        known.set(region.iterations, (known.get(region.iterations) ?? new Map()).set(iteration, pictures));
        const wanted =
          selectedRegion(store.state)?.iterations === region.iterations &&
          store.state.iteration === iteration;
        if (wanted) store.update({ pictures });
      })
      .catch(onFailure);
  }, WAIT);
  store.subscribe((state, before) => {
    const region = selectedRegion(state);
    if (region?.iterations === selectedRegion(before)?.iterations && state.iteration === before.iteration)
      return;
    store.update({ pictures: region && known.get(region.iterations)?.get(state.iteration) });
    ask();
  });
}
