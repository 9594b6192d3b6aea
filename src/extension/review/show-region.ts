/** A region of a review in the preview. */
import { join } from "node:path";
import type { ReviewRegion, ReviewView } from "../../protocol/engine.ts";
import type { Services } from "../services.ts";
import { pruneStaged } from "./prune-staged.ts";
import { type ReviewedPhoto, stagedFiles, stageOriginals } from "./stage-originals.ts";

/** How it is shown. */
export interface ShowOptions {
  /** Leaves the keyboard where it is. */
  readonly preserveFocus: boolean;
}

/** Opens the photo with its coarse masks, refined as the run did it, at the region. */
export async function showRegion(
  services: Pick<Services, "context" | "openPreview">,
  view: ReviewView,
  region: ReviewRegion,
  { preserveFocus }: ShowOptions,
): Promise<void> {
  const photo = view.photos.find(({ key }) => key === region.key);
  if (photo === undefined) return;
  const files = await coarseFiles(services, view, photo);
  await services.openPreview(
    { sources: files, image: photo.photo, journal: view.journal },
    {
      method: view.method,
      preserveFocus,
      region: { file: files[region.target] ?? "", name: region.id },
      rejected: view.regions
        .filter(({ key, decision }) => key === region.key && decision === "rejected")
        .map(({ target, id }) => ({ file: files[target] ?? "", name: id })),
    },
  );
}

/** The region that a preview means by a file, maybe a copy of an original, and a name. */
export function regionOf(
  { context }: Pick<Services, "context">,
  view: ReviewView,
  { file, name }: { readonly file: string; readonly name: string },
): ReviewRegion | undefined {
  const store = storeOf(context);
  return view.regions.find(({ key, target, id }) => {
    if (id !== name) return false;
    const photo = view.photos.find((one) => one.key === key);
    return photo?.files[target] === file || (photo && stagedFiles(view, photo, store)[target]) === file;
  });
}

async function coarseFiles(
  { context }: Pick<Services, "context">,
  view: ReviewView,
  photo: ReviewedPhoto,
): Promise<readonly string[]> {
  if (view.out !== null) return photo.files;
  const store = storeOf(context);
  const staged = await stageOriginals(view, photo, store);
  void pruneStaged(store, Date.now());
  return staged;
}

function storeOf({ storageUri, globalStorageUri }: Services["context"]): string {
  return join((storageUri ?? globalStorageUri).fsPath, "review");
}
