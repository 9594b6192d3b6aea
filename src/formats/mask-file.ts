/** A mask as it lies in a file: its values, and how to put changed values back without loss. */
import type { ColourMap } from "./colour-map.ts";

/** One mask file, whatever its format. `values` may be changed in place; `write` compares with the file itself. */
export interface MaskFile {
  /** What messages call the file. */
  readonly name: string;
  readonly format: "png" | "jpeg" | "npy";
  readonly width: number;
  readonly height: number;
  /** One object on background, or an id per pixel. */
  readonly encoding: "binary" | "labels";
  /** `[height, width]` row-major: 0/1 for `binary`; the stored id (palette index, gray value, or the colour's id) for `labels`. */
  readonly values: Uint8Array | Uint16Array;
  /** Id that is never refined or overwritten, for example 255 (void); `undefined` if there is none. */
  readonly ignoreLabel: number | undefined;
  /** What the file's colours were taken for, where it is a picture in RGB. */
  readonly colours?: ColourMap;
  /** What the reader had to decide, one sentence each. */
  readonly notes: readonly string[];
  /**
   * The file with these values, a JPEG as PNG; the original's own bytes if nothing changed and it is no JPEG.
   *
   * @param values - `[height, width]` row-major, in the encoding of `values`.
   * @throws RangeError if the length differs, or a value does not fit the file's depth or palette.
   */
  write(values: Uint8Array | Uint16Array): Uint8Array;
}

/** How a mask file's values are to be taken. */
export interface ReadMaskOptions {
  /** What messages call the file, usually its path. */
  readonly name: string;
  /** Most pixels accepted. @default 512_000_000 */
  readonly pixelLimit?: number | undefined;
  /**
   * `labels` takes stored values as ids. `binary` takes every id but 0 and the ignore label as foreground.
   * `auto` decides by the pixels, see `classifySamples`. @default "auto"
   */
  readonly encoding?: "auto" | "binary" | "labels" | undefined;
  /** Ignore label of a label map; `null` for none. @default 255 in 8-bit files, else none */
  readonly ignoreLabel?: number | null | undefined;
  /** What the colours of an RGB mask mean; masks in gray or palette colours do not need it. */
  readonly colours?: ColourMap | undefined;
}
