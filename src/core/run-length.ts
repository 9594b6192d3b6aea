/** Masks as runs, the way COCO counts them: small enough to keep thousands of them. */
import type { Mask } from "./mask.ts";

/** A binary mask as run lengths. */
export interface RunLengthMask {
  readonly width: number;
  readonly height: number;
  /** Lengths of alternating runs of background and foreground, **column-major**, the first one background (maybe 0). */
  readonly counts: Uint32Array;
}

/** The runs of a mask. */
export function encodeRuns({ width, height, data }: Mask): RunLengthMask {
  const counts: number[] = [];
  let value = 0;
  let length = 0;
  for (let x = 0; x < width; x++) {
    for (let i = x; i < data.length; i += width) {
      if (data[i] !== value) {
        counts.push(length);
        length = 0;
        value = data[i]!;
      }
      length++;
    }
  }
  counts.push(length);
  return { width, height, counts: Uint32Array.from(counts) };
}

/**
 * The mask of runs.
 *
 * @throws {RangeError} when the runs do not add up to width × height
 */
export function decodeRuns({ width, height, counts }: RunLengthMask): Mask {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total !== width * height) {
    throw new RangeError(`The runs cover ${total} pixels: expected ${width * height} for ${width}×${height}`);
  }
  const data = new Uint8Array(total);
  let position = 0;
  for (let k = 0; k < counts.length; position += counts[k]!, k++) {
    if (k % 2 === 0) continue;
    for (let p = position; p < position + counts[k]!; p++) {
      data[(p % height) * width + Math.floor(p / height)] = 1;
    }
  }
  return { width, height, data };
}

/** Foreground pixels of a mask. */
export function runArea({ counts }: RunLengthMask): number {
  let area = 0;
  for (let k = 1; k < counts.length; k += 2) area += counts[k]!;
  return area;
}
