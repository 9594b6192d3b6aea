/** The squares that masks are painted in: at any zoom about one of their pixels for one of the screen's. */
import type { Box } from "../types.ts";

/** Side of a tile in its own pixels. */
export const TILE_SIZE = 512;

/** One square. */
export interface Tile {
  /** A photo pixel is `2 ** level` tile pixels wide: 0 is the photo's own size, negative ones are smaller. */
  readonly level: number;
  readonly column: number;
  readonly row: number;
}

const LEAST_LEVEL = -8;
/** 64 times, on a screen with two device pixels for one. */
const LARGEST_LEVEL = 7;

/** The level whose pixels are closest to the device's; `scale` in device pixels per photo pixel. */
export function levelFor(scale: number): number {
  return Math.min(Math.max(Math.round(Math.log2(scale)), LEAST_LEVEL), LARGEST_LEVEL);
}

/** Tiles that a box of the photo touches, its ends in photo pixels and not whole. */
export function tilesIn(level: number, left: number, top: number, right: number, bottom: number): Tile[] {
  const share = 2 ** level / TILE_SIZE;
  const tiles: Tile[] = [];
  for (let row = Math.floor(top * share); row < bottom * share; row++) {
    for (let column = Math.floor(left * share); column < right * share; column++) {
      tiles.push({ level, column, row });
    }
  }
  return tiles;
}

/** Whether a tile, with an apron of two of its pixels, touches a box. */
export function touches({ level, column, row }: Tile, [x0, y0, x1, y1]: Box): boolean {
  const pixel = 2 ** -level;
  const side = TILE_SIZE * pixel;
  const apron = 2 * pixel;
  return (
    x0 < (column + 1) * side + apron &&
    x1 + 1 > column * side - apron &&
    y0 < (row + 1) * side + apron &&
    y1 + 1 > row * side - apron
  );
}
