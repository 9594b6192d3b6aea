/** Photos to train on and photos to test on. */
import { InputError } from "../../core/errors.ts";
import { seededHash } from "./collect-samples.ts";
import type { PhotoSamples } from "./photo-samples.ts";

/** A split. Copies of a photo are on one side. */
export interface PhotoSplit {
  readonly train: readonly PhotoSamples[];
  readonly heldOut: readonly PhotoSamples[];
}

/**
 * Splits by photo: regions of one photo look alike, and an adaptor is to be judged on what it has not seen.
 *
 * @param share of the photos that is held out; at least one photo is left on either side
 * @param root of the data set, for messages
 * @throws {InputError} when there are not two different photos
 */
export function splitPhotos(
  photos: readonly PhotoSamples[],
  share: number,
  seed: number,
  root: string,
): PhotoSplit {
  const contents = [...new Set(photos.map(({ photo }) => photo))];
  if (contents.length < 2) {
    throw new InputError(
      `${root} has coarse masks on ${contents.length === 1 ? "1 photo" : "no photo"} that can be used: expected at least 2, one to train on and one to test on`,
    );
  }
  const rank = (photo: string): string => seededHash(seed, photo);
  contents.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const count = Math.min(Math.max(1, Math.round(share * contents.length)), contents.length - 1);
  const chosen = new Set(contents.slice(0, count));
  return {
    train: photos.filter(({ photo }) => !chosen.has(photo)),
    heldOut: photos.filter(({ photo }) => chosen.has(photo)),
  };
}
