/** An annotation file, from its source and what the journal says of the regions of all its photos. */
import { InputError } from "../../core/errors.ts";
import type { GeometryOptions } from "../../formats/annotations/annotation-file.ts";
import { annotationFormats, detectAnnotations } from "../../formats/annotations/registry.ts";
import { annotationChanges } from "../run/assembly.ts";
import type { KnownPhoto } from "../run/journal/journal-state.ts";
import type { TargetStamp } from "../run/journal/records.ts";
import type { Composer } from "./compose-mask-file.ts";
import { readSourceBytes } from "./read-source-bytes.ts";
import { type ReviewedFile, type ReviewPlace, sourcePath } from "./reviewed-file.ts";

/**
 * Reads what an annotation file is put together from.
 *
 * @throws {InputError} when the run has not done the file, its source was changed, or its original is missing
 */
export async function annotationComposer(place: ReviewPlace, { path }: ReviewedFile): Promise<Composer> {
  const { state, journal } = place;
  const { photos, stamp } = photosOf(place, path);
  const source = await readSourceBytes(place, stamp);
  const name = sourcePath(place, path);
  const format =
    annotationFormats.find((one) => one.name === stamp.format) ?? detectAnnotations(name, source);
  if (format === undefined)
    throw new InputError(`${name} is of no known annotation format: expected an annotation file`);
  const file = format.read(name, source);
  // The journal has them under the names that a run takes them by.
  const geometry = state.session.options as GeometryOptions;
  return async (rejected) => {
    const changes = annotationChanges(photos, path, { rejected }, journal);
    const { bytes } = file.write(changes, geometry);
    return [{ path, sha256: stamp.sha256, source, bytes }];
  };
}

/** The file's photos that the run has done, and what it was when they were read. */
function photosOf({ state }: ReviewPlace, path: string): { photos: KnownPhoto[]; stamp: TargetStamp } {
  const all = [...state.photos.values()].flatMap((photo) => {
    const stamp = photo.targets.find((target) => target.path === path);
    return stamp === undefined ? [] : [{ photo, stamp }];
  });
  const done = all.filter(({ photo }) => photo.session === state.session.session);
  const last = done.findLast(({ photo }) => !photo.failed) ?? done.at(-1);
  if (last === undefined)
    throw new InputError(
      `${path} has no photo that the last run has done: expected a run that has come to its end`,
    );
  const same = done.filter(({ stamp }) => stamp.sha256 === last.stamp.sha256);
  return { photos: same.map(({ photo }) => photo), stamp: last.stamp };
}
