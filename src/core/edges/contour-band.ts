/** How far each part of the photo lies from the contour that SAM drew. */
import { squaredDistance } from "../distance-transform.ts";
import { type Frame, LOW_RES_SIZE } from "../frame.ts";
import type { Window } from "../resample.ts";

/** Distance to the contour, known per low-res cell. */
export interface ContourBand {
  /** `Float64Array [256, 256]`: squared distance in cells to the nearest cell on the contour. */
  readonly squared: Float64Array;
  /** Low-res column of each photo column of the window. */
  readonly columns: Int32Array;
  /** Low-res row of each photo row of the window. */
  readonly rows: Int32Array;
}

/** The band around the zero crossing of low-res logits, looked up for the photo pixels of a window. */
export function contourBand(lowRes: Float32Array, frame: Frame, window: Window): ContourBand {
  const columns = cellsOf(window.x0, window.x1, frame.scaledWidth / frame.width);
  const rows = cellsOf(window.y0, window.y1, frame.scaledHeight / frame.height);
  const away = new Uint8Array(LOW_RES_SIZE * LOW_RES_SIZE).fill(1);
  for (let i = 0; i < away.length; i++) {
    const inside = lowRes[i]! > 0;
    const right = i % LOW_RES_SIZE < LOW_RES_SIZE - 1 && lowRes[i + 1]! > 0 !== inside;
    const below = i + LOW_RES_SIZE < away.length && lowRes[i + LOW_RES_SIZE]! > 0 !== inside;
    if (right) away[i] = away[i + 1] = 0;
    if (below) away[i] = away[i + LOW_RES_SIZE] = 0;
  }
  const squared = squaredDistance({ width: LOW_RES_SIZE, height: LOW_RES_SIZE, data: away });
  return { squared, columns, rows };
}

function cellsOf(from: number, to: number, scale: number): Int32Array {
  return Int32Array.from({ length: to - from }, (_, i) =>
    Math.min(LOW_RES_SIZE - 1, Math.floor(((i + from + 0.5) * scale) / 4)),
  );
}
