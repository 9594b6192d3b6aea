/** Which shape lies on each pixel of a tile. */
import { eachSpan, type Spans } from "../masks/spans.ts";
import { TILE_SIZE, type Tile } from "./tile.ts";

/** Pixels around the tile that its edges depend on. */
export const APRON = 2;
/** Side of the grid: the tile with its apron. */
export const GRID_SIDE: number = TILE_SIZE + 2 * APRON;

const scratch = new Uint16Array(GRID_SIDE * GRID_SIDE);

/**
 * `Uint16Array [GRID_SIDE, GRID_SIDE]`, row-major: the number of the last shape on each pixel, counted from 1; 0 for none.
 * A pixel that holds several photo pixels is taken when one of them is, so that nothing is too thin to be seen.
 * `undefined` when all is 0. The array is reused by the next call.
 */
export function labelGrid(shapes: readonly Spans[], tile: Tile): Uint16Array | undefined {
  scratch.fill(0);
  let any = false;
  shapes.forEach((spans, i) => {
    any = fillShape(scratch, spans, tile, i + 1) || any;
  });
  return any ? scratch : undefined;
}

/** Writes `value` where the shape is; whether there was such a pixel. */
function fillShape(grid: Uint16Array, spans: Spans, { level, column, row }: Tile, value: number): boolean {
  const share = 2 ** level;
  const left = column * TILE_SIZE - APRON;
  const top = row * TILE_SIZE - APRON;
  let any = false;
  const firstRow = Math.floor(top / share);
  const lastRow = Math.ceil((top + GRID_SIDE) / share) - 1;
  eachSpan(spans, firstRow, lastRow, (start, end, y) => {
    const from = Math.max(Math.floor(start * share) - left, 0);
    const to = Math.min(Math.ceil(end * share) - left, GRID_SIDE);
    if (from >= to) return;
    any = true;
    const lastY = Math.min(Math.ceil((y + 1) * share) - top, GRID_SIDE);
    for (let gridY = Math.max(Math.floor(y * share) - top, 0); gridY < lastY; gridY++) {
      grid.fill(value, gridY * GRID_SIDE + from, gridY * GRID_SIDE + to);
    }
  });
  return any;
}
