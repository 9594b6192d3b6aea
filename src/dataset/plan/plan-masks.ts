import type { FileHeads } from "./file-heads.ts";
import { findPhoto, type PhotoSearch } from "./find-photo.ts";
import type { FoundFile } from "./find-sources.ts";
import { inBatches } from "./in-batches.ts";
import { cityscapesLayout } from "./layouts/cityscapes.ts";
import { Labelmaps } from "./layouts/labelmaps.ts";
import type { Layout, LayoutSearch } from "./layouts/layout.ts";
import { vocLayout } from "./layouts/voc.ts";
import type { LabelDraft, PlanDraft } from "./plan-draft.ts";

/** What planning mask files needs. */
export interface MaskPlanning {
  readonly draft: PlanDraft;
  readonly search: PhotoSearch;
  readonly heads: FileHeads;
  /** Absolute folder above which no labelmap.txt is looked for. */
  readonly within: string;
  readonly signal: AbortSignal | undefined;
}

/** Adds mask files, each with the siblings that its layout gives it. */
export async function planMasks(files: readonly FoundFile[], planning: MaskPlanning): Promise<void> {
  const { search, heads, draft, within, signal } = planning;
  const labelmaps = new Labelmaps(search.folders, within, search.show);
  const around: LayoutSearch = { folders: search.folders, heads, show: search.show };
  const layouts = new Map<string, Layout | undefined>();
  await inBatches(files, signal, async ({ path, role }) => {
    if (role === "mask" || role === "gray") layouts.set(path, await layoutOf(path, around));
  });
  const siblings = new Set([...layouts.values()].flatMap((layout) => layout?.siblings.map(pathOf) ?? []));
  // A gray picture is a photo where a mask or an annotation file says so: these come last.
  for (const role of ["mask", "gray"]) {
    const left = files.filter(
      ({ path, role: own }) => own === role && !siblings.has(path) && !draft.has(path),
    );
    await inBatches(left, signal, ({ path }) => planMask(path, layouts.get(path), labelmaps, planning));
  }
}

function pathOf({ path }: { readonly path: string }): string {
  return path;
}

/** What is known of where a mask file lies. */
export async function layoutOf(path: string, search: LayoutSearch): Promise<Layout | undefined> {
  return (await cityscapesLayout(path, search)) ?? vocLayout(path, search);
}

async function planMask(
  path: string,
  layout: Layout | undefined,
  labelmaps: Labelmaps,
  { draft, search, heads }: MaskPlanning,
): Promise<void> {
  await draft.attempt(path, undefined, async () => {
    await heads.assertFetched(path, "a mask", search.show);
    const photo = await findPhoto(path, search);
    await heads.assertFetched(photo, "a photo", search.show);
    draft.add(photo, await targetOf(path, layout, labelmaps, heads));
  });
}

/** How a mask file is read, and what goes with it. */
export async function targetOf(
  path: string,
  { mode, reading = {}, siblings = [] }: Partial<Layout> | undefined = {},
  labelmaps: Labelmaps,
  heads: FileHeads,
): Promise<LabelDraft> {
  const named = reading.colours !== undefined || (await heads.kind(path)) !== "colour";
  const colours = named ? reading.colours : await labelmaps.of(path);
  const full = colours === undefined ? reading : { ...reading, colours };
  return {
    kind: "labels",
    path,
    siblings,
    ...(mode === undefined ? {} : { mode }),
    ...(Object.keys(full).length === 0 ? {} : { reading: full }),
  };
}
