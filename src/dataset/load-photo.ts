/** The photo of a refinement: decoded the way up that fits its masks. */
import { InputError } from "../core/errors.ts";
import type { Photo } from "../core/lab.ts";
import { photoIdentity } from "../engine/engine.ts";
import { decodePhoto, type Orientation, readPhotoHeader, toPhoto } from "../engine/photo.ts";
import type { ImageInput, RawImage } from "./inputs.ts";
import type { LoadedMask } from "./load-mask.ts";
import { checkRaw, isRaw, readSource } from "./read-source.ts";

/** A decoded photo, its name in the embedding cache, and what had to be decided. */
export interface LoadedPhoto {
  readonly photo: Photo;
  readonly identity: string;
  readonly notes: readonly string[];
}

/** Takes a mask of another size than the photo. */
export type OnMisfit = (mask: LoadedMask, error: InputError) => void;

/**
 * Reads and decodes a photo that must have the size of its masks: as displayed, or as stored where only that fits.
 *
 * @param onMisfit takes masks of another size, which is an error without it
 * @throws {InputError} when it is no photo, or of another size than a mask (with `onMisfit`: than every mask)
 */
export async function loadPhoto(
  input: ImageInput,
  masks: readonly LoadedMask[],
  pixelLimit: number,
  signal?: AbortSignal,
  onMisfit?: OnMisfit,
): Promise<LoadedPhoto> {
  if (isRaw(input)) return rawPhoto(input, masks, onMisfit);
  const { name, bytes } = await readSource(input, "photo", signal);
  const { stored, displayed } = await readPhotoHeader(bytes, name, pixelLimit);
  const unturned =
    !masks.some((mask) => sameSize(mask.map, displayed)) && masks.some((mask) => sameSize(mask.map, stored));
  checkSizes(masks, unturned ? stored : displayed, name, onMisfit);
  const orientation: Orientation = unturned ? "stored" : "displayed";
  const photo = await decodePhoto(bytes, name, orientation);
  const notes = unturned
    ? [
        `${name} carries an EXIF rotation that its mask does not follow; the photo was used as stored, ${stored.width}×${stored.height}`,
      ]
    : [];
  return { photo, identity: photoIdentity(bytes, orientation), notes };
}

function rawPhoto(image: RawImage, masks: readonly LoadedMask[], onMisfit?: OnMisfit): LoadedPhoto {
  checkRaw(image, "photo", [Uint8Array, Uint8ClampedArray]);
  const { data, width, height, channels } = image;
  const found = channels ?? data.length / (width * height);
  if (![1, 3, 4].includes(found) || data.length !== width * height * found) {
    throw new InputError(
      `The photo has ${data.length} values: expected those of ${width}×${height} pixels with 1, 3 or 4 channels`,
    );
  }
  checkSizes(masks, { width, height }, "photo", onMisfit);
  const photo = toPhoto(data, width, height, found as 1 | 3 | 4);
  return { photo, identity: photoIdentity(photo.data, `${width}×${height}`), notes: [] };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

function checkSizes(masks: readonly LoadedMask[], photo: Size, name: string, onMisfit?: OnMisfit): void {
  const misfits = masks.filter((mask) => !sameSize(mask.map, photo));
  for (const mask of misfits) {
    const error = sizeError(mask, photo, name);
    if (onMisfit === undefined) throw error;
    onMisfit(mask, error);
  }
  if (misfits.length > 0 && misfits.length === masks.length) throw sizeError(misfits[0]!, photo, name);
}

function sizeError({ name: mask, map }: LoadedMask, photo: Size, name: string): InputError {
  return new InputError(
    `${mask} is ${map.width}×${map.height} pixels, but its photo ${name} is ${photo.width}×${photo.height}: expected the same size`,
  );
}
