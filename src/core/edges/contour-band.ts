/** How far each part of the photo lies from the contour that SAM drew. */
import { squaredDistance } from "../distance-transform.ts";
import { type Frame, LOW_RES_SIZE } from "../frame.ts";
import type { Window } from "../resample.ts";
import { type WindowCells, windowCells } from "../sign-cells.ts";

/** Distance to the contour, known per low-res cell. */
export interface ContourBand extends WindowCells {
  /** `Float64Array [256, 256]`: squared distance in cells to the nearest cell on the contour. */
  readonly squared: Float64Array;
}

/** The band around the zero crossing of low-res logits, looked up for the photo pixels of a window. */
export function contourBand(lowRes: Float32Array, frame: Frame, window: Window): ContourBand {
  const away = new Uint8Array(LOW_RES_SIZE * LOW_RES_SIZE).fill(1);
  for (let i = 0; i < away.length; i++) {
    const inside = lowRes[i]! > 0;
    const right = i % LOW_RES_SIZE < LOW_RES_SIZE - 1 && lowRes[i + 1]! > 0 !== inside;
    const below = i + LOW_RES_SIZE < away.length && lowRes[i + LOW_RES_SIZE]! > 0 !== inside;
    if (right) away[i] = away[i + 1] = 0;
    if (below) away[i] = away[i + LOW_RES_SIZE] = 0;
  }
  const squared = squaredDistance({ width: LOW_RES_SIZE, height: LOW_RES_SIZE, data: away });
  return { squared, ...windowCells(frame, window) };
}

/** `Uint8Array [256, 256]`: 1 for the cells up to a distance from the contour, in cells. */
export function cellsWithin({ squared }: ContourBand, distance: number): Uint8Array {
  const cells = new Uint8Array(squared.length);
  const limit = distance * distance;
  for (let i = 0; i < cells.length; i++) if (squared[i]! <= limit) cells[i] = 1;
  return cells;
}
