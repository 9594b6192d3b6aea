import type { Colour } from "./colour.ts";

/** An RGBA picture; `data` is `[height, width, 4]` row-major, 0..255, opacity not premultiplied. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 4]` RGBA. */
  readonly data: Uint8ClampedArray;
}

/**
 * A new picture, transparent unless a colour is given.
 *
 * @throws RangeError if a side is no integer of at least 1
 */
export function createPicture(width: number, height: number, colour?: Colour): Picture {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new RangeError(`A picture needs sides of at least 1 pixel, not ${width} × ${height}`);
  }
  const picture = { width, height, data: new Uint8ClampedArray(width * height * 4) };
  if (colour) fill(picture, colour);
  return picture;
}

/** Sets every pixel to the colour, opacity included. */
export function fill({ data }: Picture, [red, green, blue, opacity = 1]: Colour): void {
  for (let i = 0; i < data.length; i += 4) {
    data[i] = red;
    data[i + 1] = green;
    data[i + 2] = blue;
    data[i + 3] = opacity * 255;
  }
}

/** A copy whose pixels can be drawn on. */
export function copyPicture({ width, height, data }: Picture): Picture {
  return { width, height, data: data.slice() };
}
