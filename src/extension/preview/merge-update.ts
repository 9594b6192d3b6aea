/** A view after a change. */
import type { RegionUpdate } from "../../protocol/preview.ts";
import type { SessionView } from "../../protocol/views.ts";

/** The view with the regions that changed, and what else did. */
export function mergeUpdate(view: SessionView, update: RegionUpdate): SessionView {
  const { regions, ...rest } = update;
  const changed = new Map(regions.map((region) => [region.id, region]));
  return { ...view, ...rest, regions: view.regions.map((region) => changed.get(region.id) ?? region) };
}
