/** The photo of a refinement: decoded the way up that fits its masks. */
import { createHash } from "node:crypto";
import { InputError } from "../core/errors.ts";
import type { Photo } from "../core/lab.ts";
import { decodePhoto, type PhotoHeader, readPhotoHeader, toPhoto } from "../engine/photo.ts";
import type { ImageInput, RawImage } from "./inputs.ts";
import type { LoadedMask, Turn } from "./load-mask.ts";
import { checkRaw, isRaw, readSource, type Source } from "./read-source.ts";
import { turnBack, turnUpright } from "./upright.ts";

/** A decoded photo with the masks that fit it. */
export interface LoadedPhoto {
  readonly photo: Photo;
  /** Names the photo in the embedding cache. */
  readonly identity: string;
  /** Of the photo's size, in the order given. */
  readonly masks: readonly LoadedMask[];
}

/** Takes a mask of another size than the photo. */
export type OnMisfit = (mask: LoadedMask, error: InputError) => void;

/**
 * Reads and decodes a photo as displayed. Its masks must have its size; one that fits only the stored, unrotated
 * size is turned like the photo, with a note, because SAM knows upright pictures.
 *
 * @param masks may still be read: the photo is decoded meanwhile. What they fail with comes before what the photo does.
 * @param onMisfit takes masks of another size, which is an error without it
 * @throws {InputError} when it is no photo, or of another size than a mask (with `onMisfit`: than every mask)
 */
export async function loadPhoto(
  input: ImageInput,
  masks: readonly LoadedMask[] | Promise<readonly LoadedMask[]>,
  pixelLimit: number,
  signal?: AbortSignal,
  onMisfit?: OnMisfit,
): Promise<LoadedPhoto> {
  if (isRaw(input)) return rawPhoto(input, await masks, onMisfit);
  const [read, opened] = await Promise.allSettled([masks, openPhoto(input, pixelLimit, signal)]);
  if (read.status === "rejected") throw read.reason;
  if (opened.status === "rejected") throw opened.reason;
  const { name, header, decoded } = opened.value;
  const upright = read.value.map((mask) => uprightMask(mask, header, name));
  const fitting = ofSize(
    upright,
    header.displayed,
    name,
    onMisfit && ((i, error) => onMisfit(read.value[i]!, error)),
  );
  return { ...(await decoded), masks: fitting };
}

/** A photo whose header is read and whose pixels are on their way. */
interface OpenedPhoto {
  readonly name: string;
  readonly header: PhotoHeader;
  readonly decoded: ReturnType<typeof decodeSource>;
}

async function openPhoto(
  input: Exclude<ImageInput, RawImage>,
  pixelLimit: number,
  signal: AbortSignal | undefined,
): Promise<OpenedPhoto> {
  const source = await readSource(input, "photo", signal);
  const { name } = source;
  const header = await readPhotoHeader(source.bytes, name, pixelLimit);
  const decoded = decodeSource(source);
  // Nobody waits for it where a mask does not fit.
  decoded.catch(() => undefined);
  return { name, header, decoded };
}

/** A photo without masks. */
export async function decodeSource({ name, bytes }: Source): Promise<Omit<LoadedPhoto, "masks">> {
  const decoding = decodePhoto(bytes, name);
  // Decoding has threads of its own.
  const identity = identityOf(bytes, "displayed");
  return { photo: await decoding, identity };
}

/**
 * The mask on the photo as displayed.
 *
 * @param photo for messages
 * @throws {InputError} when it has another size than the photo
 */
export function fitMask(mask: LoadedMask, header: PhotoHeader, photo: string): LoadedMask {
  const upright = uprightMask(mask, header, photo);
  if (!sameSize(upright.map, header.displayed)) throw sizeError(mask, header.displayed, photo);
  return upright;
}

function uprightMask(mask: LoadedMask, header: PhotoHeader, photo: string): LoadedMask {
  return fitsAsStored(mask, header) ? turned(mask, header, photo) : mask;
}

function fitsAsStored({ map }: LoadedMask, { stored, displayed }: PhotoHeader): boolean {
  return sameSize(map, stored) && !sameSize(map, displayed);
}

function turned(mask: LoadedMask, { stored, orientation }: PhotoHeader, photo: string): LoadedMask {
  const turn: Turn = {
    upright: (map) => turnUpright(map, orientation),
    back: (values) => turnBack(values, stored, orientation),
  };
  const note = `${mask.name} fits ${photo} only as stored, ${stored.width}×${stored.height}, without its EXIF rotation: both are turned upright for the refinement, and the refined mask is turned back`;
  return {
    ...mask,
    map: turn.upright(mask.map),
    notes: [...mask.notes, note],
    turn,
    write: (values) => mask.write(turn.back(values).data),
  };
}

/** sha256 of a photo's bytes and of how its pixels are laid out. */
function identityOf(bytes: Uint8Array, layout: string): string {
  return createHash("sha256").update(bytes).update(layout).digest("hex");
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
  const fitting = ofSize(
    masks,
    { width, height },
    "photo",
    onMisfit && ((i, error) => onMisfit(masks[i]!, error)),
  );
  const photo = toPhoto(data, width, height, found as 1 | 3 | 4);
  return { photo, identity: identityOf(photo.data, `${width}×${height}`), masks: fitting };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

/** The masks of the photo's size. */
function ofSize(
  masks: readonly LoadedMask[],
  photo: Size,
  name: string,
  onMisfit: ((index: number, error: InputError) => void) | undefined,
): LoadedMask[] {
  const fitting = masks.filter((mask, i) => {
    if (sameSize(mask.map, photo)) return true;
    const error = sizeError(mask, photo, name);
    if (onMisfit === undefined) throw error;
    onMisfit(i, error);
    return false;
  });
  if (fitting.length === 0 && masks.length > 0) throw sizeError(masks[0]!, photo, name);
  return fitting;
}

function sizeError({ name: mask, map }: LoadedMask, photo: Size, name: string): InputError {
  return new InputError(
    `${mask} is ${map.width}×${map.height} pixels, but its photo ${name} is ${photo.width}×${photo.height}: expected the same size`,
  );
}
