/** Masks drawn on a photo as it is stored, turned the way the photo is displayed, and back. */
import type { LabelMap } from "../core/mask.ts";

/** How a photo's stored pixels become the displayed ones, 1..8 as EXIF counts. */
export type ExifOrientation = number;

/** A map of stored pixels, as displayed. */
export function turnUpright(map: LabelMap, orientation: ExifOrientation): LabelMap {
  const { width, height } = map;
  const turned = displayedSize({ width, height }, orientation);
  const data = map.data.slice();
  walk({ width, height }, orientation, (stored, displayed) => {
    data[displayed] = map.data[stored]!;
  });
  return { ...turned, data };
}

/**
 * A map as displayed, back in stored pixels.
 *
 * @param values `[height, width]` of the displayed photo
 * @param size of the stored photo
 */
export function turnBack(
  values: LabelMap["data"],
  size: { readonly width: number; readonly height: number },
  orientation: ExifOrientation,
): LabelMap {
  const data = values.slice();
  walk(size, orientation, (stored, displayed) => {
    data[stored] = values[displayed]!;
  });
  return { ...size, data };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function displayedSize({ width, height }: Size, orientation: ExifOrientation): Size {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/** Visits every pixel with its index in both pictures, rows of the displayed one first. */
function walk(
  stored: Size,
  orientation: ExifOrientation,
  visit: (stored: number, displayed: number) => void,
): void {
  const { width, height } = displayedSize(stored, orientation);
  const { first, right, down } = path(stored, orientation);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) visit(first + x * right + y * down, i);
  }
}

/** Where the displayed picture's first pixel is stored, and the steps from one displayed pixel to the next. */
function path(
  { width, height }: Size,
  orientation: ExifOrientation,
): { first: number; right: number; down: number } {
  const topRight = width - 1;
  const bottomLeft = (height - 1) * width;
  const bottomRight = bottomLeft + topRight;
  const paths = [
    { first: 0, right: 1, down: width },
    { first: topRight, right: -1, down: width },
    { first: bottomRight, right: -1, down: -width },
    { first: bottomLeft, right: 1, down: -width },
    { first: 0, right: width, down: 1 },
    { first: bottomLeft, right: -width, down: 1 },
    { first: bottomRight, right: -width, down: -1 },
    { first: topRight, right: width, down: -1 },
  ];
  return paths[orientation - 1]!;
}
