/** The photo at its own size and at halves of it, so that a large one is drawn quickly when it is seen small. */
import type { PhotoView } from "../../protocol/views.ts";
import type { Place } from "../types.ts";
import type { Placement } from "./tile-layer.ts";

/** From this magnification on a photo's pixels are shown as squares. */
export const SHARP_FROM = 3;
/** Side from which a photo gets no smaller picture. */
const SMALLEST_SIDE = 1024;

/** A decoded photo. */
export interface PhotoPyramid {
  readonly width: number;
  readonly height: number;
  /** Largest first, each half the one before. */
  readonly levels: readonly ImageBitmap[];
}

/**
 * Decodes the photo; the browser does it in a thread of its own.
 *
 * @throws {Error} when the bytes are no picture that the browser knows
 */
export async function decodePhoto(photo: PhotoView): Promise<PhotoPyramid> {
  const blob = new Blob([photo.bytes as Uint8Array<ArrayBuffer>], { type: photo.mime });
  const levels = [await createImageBitmap(blob, { imageOrientation: "from-image" })];
  for (let last = levels[0]!; Math.max(last.width, last.height) > SMALLEST_SIDE; ) {
    last = await createImageBitmap(last, {
      resizeWidth: Math.ceil(last.width / 2),
      resizeHeight: Math.ceil(last.height / 2),
      resizeQuality: "medium",
    });
    levels.push(last);
  }
  return { width: photo.width, height: photo.height, levels };
}

/** Frees the pictures' memory. */
export function closePhoto({ levels }: PhotoPyramid): void {
  for (const level of levels) level.close();
}

/** Draws the photo. `sharp` shows pixels as squares. */
export function drawPhoto(
  context: CanvasRenderingContext2D,
  { width, height, levels }: PhotoPyramid,
  { left, top, scale }: Placement,
  sharp: boolean,
): void {
  const index = Math.min(Math.max(Math.floor(-Math.log2(scale)), 0), levels.length - 1);
  context.imageSmoothingEnabled = !sharp;
  context.imageSmoothingQuality = "low";
  context.drawImage(levels[index]!, left, top, width * scale, height * scale);
  context.imageSmoothingEnabled = true;
}

let sampler: CanvasRenderingContext2D | null = null;

/** The photo's colour at a pixel. */
export function photoColour({ levels }: PhotoPyramid, { x, y }: Place): readonly number[] {
  sampler ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", {
    willReadFrequently: true,
  });
  if (sampler === null) return [];
  sampler.drawImage(levels[0]!, x, y, 1, 1, 0, 0, 1, 1);
  return [...sampler.getImageData(0, 0, 1, 1).data.subarray(0, 3)];
}
