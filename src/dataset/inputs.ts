/** What photos and masks may be given as. */
import type { LabelMap, Mask } from "../core/mask.ts";

/** Decoded pixels of a photo: 8-bit, interleaved, row-major. */
export interface RawImage {
  /** Pixels from left to right. */
  readonly width: number;
  /** Pixels from top to bottom. */
  readonly height: number;
  /** `[height, width, channels]`, 0..255. An alpha channel is ignored. */
  readonly data: Uint8Array | Uint8ClampedArray;
  /** Values of a pixel: gray, RGB or RGBA. @default data.length / (width * height) */
  readonly channels?: 1 | 3 | 4;
}

/** A photo: path, `file:`, `data:` or `http(s):` URL, encoded bytes, or decoded pixels. */
export type ImageInput = string | URL | Uint8Array | RawImage;

/** A coarse mask: path, URL, encoded bytes, or decoded values (0/1 mask or label map). */
export type MaskInput = string | URL | Uint8Array | Mask | LabelMap;
