/** A region of a review in the preview. */
import { join } from "node:path";
import type { ReviewRegion, ReviewView } from "../../protocol/engine.ts";
import type { Services } from "../services.ts";
import { type ReviewedPhoto, stageOriginals } from "./stage-originals.ts";

/** What a review's preview shows: files may be copies of originals. */
export interface ShownPhoto {
  readonly key: string;
  /** Paths as the preview knows them, in the order of the photo's files. */
  readonly files: readonly string[];
}

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
): Promise<ShownPhoto | undefined> {
  const photo = view.photos.find(({ key }) => key === region.key);
  if (photo === undefined) return undefined;
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
  return { key: region.key, files };
}

function coarseFiles(
  { context }: Pick<Services, "context">,
  view: ReviewView,
  photo: ReviewedPhoto,
): Promise<readonly string[]> {
  if (view.out !== null) return Promise.resolve(photo.files);
  const storage = context.storageUri ?? context.globalStorageUri;
  return stageOriginals(view, photo, join(storage.fsPath, "review"));
}
