import { createPicture, type Picture } from "./picture.ts";

/** Decoded pixels: `data` is `[height, width, channels]` row-major, 8-bit; 1, 3 or 4 channels. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
  /** @default data.length / (width * height) */
  readonly channels?: number;
}

/**
 * An opaque picture of a decoded photo (gray, RGB or RGBA; an alpha channel is ignored).
 *
 * @throws RangeError if the data does not fit the size or the channels are not 1, 3 or 4
 */
export function photoPicture(pixels: Pixels): Picture {
  const { width, height, data, channels = data.length / (width * height) } = pixels;
  if (![1, 3, 4].includes(channels) || data.length !== width * height * channels) {
    throw new RangeError(`${data.length} values are no ${width} × ${height} photo of 1, 3 or 4 channels`);
  }
  const picture = createPicture(width, height, [0, 0, 0]);
  const green = channels > 1 ? 1 : 0;
  for (let from = 0, to = 0; from < data.length; from += channels, to += 4) {
    picture.data[to] = data[from]!;
    picture.data[to + 1] = data[from + green]!;
    picture.data[to + 2] = data[from + 2 * green]!;
  }
  return picture;
}
