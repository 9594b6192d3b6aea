/** The region that is looked at. */
import type { RegionView } from "../../protocol/views.ts";
import type { PageState } from "./page-state.ts";

/** The region selected. */
export function selectedRegion({
  regions,
  selected,
}: Pick<PageState, "regions" | "selected">): RegionView | undefined {
  return regions.find(({ id }) => id === selected);
}
