/** What happens to the page's state: each takes it as it is and returns the fields that change. */
import type { PreviewState, RegionUpdate } from "../../protocol/preview.ts";
import type { MethodChoice, RegionView, SessionView } from "../../protocol/views.ts";
import type { MethodSettings, PresetName } from "../types.ts";
import type { Notice, PageState, Sort, SortKey } from "./page-state.ts";

type Change = Partial<PageState>;

/** Another photo, or the same one anew. */
export function shown(
  state: PageState,
  view: SessionView,
  title: string,
  kept: Partial<PreviewState>,
): Change {
  const samePhoto = state.view?.photo.path === view.photo.path;
  const ids = new Set(view.regions.map(({ id }) => id));
  const rejected = kept.rejected ?? (samePhoto ? [...state.rejected] : []);
  const selected = kept.selected ?? (samePhoto ? state.selected : undefined);
  return {
    view,
    title,
    failure: undefined,
    regions: byId(view.regions),
    order: idsInOrder(view.regions, state.sort),
    source: kept.source ?? sourceOf(view),
    // One that was chosen in this page stays, whatever is shown next.
    mode: (state.view === undefined ? kept.mode : undefined) ?? state.mode,
    viewport: kept.viewport ?? (samePhoto ? state.viewport : undefined),
    fitted: kept.viewport === undefined && (!samePhoto || state.fitted),
    rejected: new Set(rejected.filter((id) => ids.has(id))),
    ...selection(view.regions, selected !== undefined && ids.has(selected) ? selected : firstRegion(view)),
    showPrompts: kept.showPrompts ?? state.showPrompts,
    method: view.method,
    resolved: view.resolved,
    timings: view.timings,
    progress: undefined,
  };
}

/** The most doubtful one. */
function firstRegion({ regions }: SessionView): number | undefined {
  return [...regions].sort((a, b) => b.doubt - a.doubt || a.id - b.id)[0]?.id;
}

/** What can be opened again when the host did not say. */
function sourceOf({ photo, masks }: SessionView): PreviewState["source"] {
  return { sources: masks.map(({ path }) => path), image: photo.path };
}

function byId(regions: readonly RegionView[]): RegionView[] {
  return [...regions].sort((a, b) => a.id - b.id);
}

/** Selects a region and its last iteration. */
export function selection(regions: readonly RegionView[], id: number | undefined): Change {
  const region = regions.find((candidate) => candidate.id === id);
  const last = Math.max((region?.iterations.length ?? 0) - 1, 0);
  return { selected: region?.id, iteration: region?.choice?.iteration ?? decidingIteration(region) ?? last };
}

/** The last iteration whose candidate was accepted. */
function decidingIteration(region: RegionView | undefined): number | undefined {
  const index = region?.iterations.findLastIndex(({ accepted }) => accepted) ?? -1;
  return index < 0 ? undefined : index;
}

/** Regions that the host refined again, and what else it told. */
export function updated(state: PageState, update: RegionUpdate): Change {
  const changed = new Map(update.regions.map((region) => [region.id, region]));
  const regions = state.regions.map((region) => changed.get(region.id) ?? region);
  const selected = changed.get(state.selected ?? -1);
  return {
    regions,
    ...(selected && state.iteration >= selected.iterations.length ? selection(regions, selected.id) : {}),
    ...(update.method && { method: update.method }),
    ...(update.resolved && { resolved: update.resolved }),
    ...(update.timings && { timings: update.timings }),
  };
}

/** Accepts a rejected region, rejects an accepted one. */
export function toggled({ rejected }: PageState, id: number): Change {
  const next = new Set(rejected);
  if (!next.delete(id)) next.add(id);
  return { rejected: next };
}

/** Rejects all, or none when all are. */
export function allToggled({ regions, rejected }: PageState): Change {
  return { rejected: new Set(rejected.size === 0 ? regions.map(({ id }) => id) : []) };
}

/** Orders by a column; the same column again turns the order round. */
export function sorted({ sort, regions }: PageState, key: SortKey): Change {
  const descending = sort.key === key ? !sort.descending : key === "doubt";
  const next = { key, descending };
  return { sort: next, order: idsInOrder(regions, next) };
}

/** Ids in the order of a column; regions as good as one another by id. */
export function idsInOrder(regions: readonly RegionView[], { key, descending }: Sort): number[] {
  const sign = descending ? -1 : 1;
  return [...regions].sort((a, b) => sign * compare(a, b, key) || a.id - b.id).map(({ id }) => id);
}

function compare(a: RegionView, b: RegionView, key: SortKey): number {
  if (key === "name") return nameOf(a).localeCompare(nameOf(b), undefined, { numeric: true });
  if (key === "verdict") return a.verdict.localeCompare(b.verdict);
  return (a[key] ?? -1) - (b[key] ?? -1);
}

/** What a region is called: its class and its name; names of parts hold their class already. */
export function nameOf({ label, name }: Pick<RegionView, "label" | "name">): string {
  if (name === "") return label;
  return name.startsWith(label) ? name : `${label} ${name}`;
}

/** Changes one setting of the method. */
export function withSetting<K extends keyof MethodSettings>(
  { method, resolved }: PageState,
  name: K,
  value: MethodSettings[K],
): Change {
  return {
    method: { ...method, settings: { ...method.settings, [name]: value } },
    resolved: resolved && { ...resolved, [name]: value },
  };
}

/** A preset as it is. */
export function withPreset({ method }: PageState, preset: PresetName): { method: MethodChoice } {
  return { method: { ...method, preset, settings: {} } };
}

/** Adds a line for the user; the same sentence is said once. */
export function noticed({ notices }: PageState, notice: Notice): Change {
  const others = notices.filter(({ message }) => message !== notice.message);
  return { notices: [...others.slice(-3), notice] };
}

/** Removes a line. */
export function dismissed({ notices }: PageState, id: number): Change {
  return { notices: notices.filter((notice) => notice.id !== id) };
}

/** The region some places after the selected one in the list, or before it; the first or last when there is none. */
export function neighbour(
  { order, selected }: Pick<PageState, "order" | "selected">,
  by: number,
): number | undefined {
  const at = selected === undefined ? -1 : order.indexOf(selected);
  return order[at < 0 ? 0 : Math.min(Math.max(at + by, 0), order.length - 1)];
}

/** What is kept over a reload. */
export function keptState(state: PageState): PreviewState | undefined {
  const { source, mode, method, rejected, viewport, selected, showPrompts, fitted } = state;
  if (source === undefined) return undefined;
  return {
    source,
    mode,
    method,
    rejected: [...rejected],
    showPrompts,
    ...(viewport && !fitted && { viewport }),
    ...(selected !== undefined && { selected }),
  };
}
