import type { Box, Mask } from "../../core/mask.ts";
import type { TracedPolygon } from "./trace-polygons.ts";

const RIGHT = 0;
const LEFT = 2;
const UP = 3;

/** The mask in its box with an empty border of one cell; a corner is named after the cell below and right of it. */
interface Grid {
  readonly cells: Uint8Array;
  readonly stride: number;
  /** Photo coordinates of corner 0. */
  readonly left: number;
  readonly top: number;
  /** Per cell: index of the polygon whose ring runs up along the cell's left side. */
  readonly owners: Int32Array;
}

/** Set on a foreground cell whose upper or lower side belongs to a ring that is already traced. */
const TOP_DONE = 2;
const BOTTOM_DONE = 4;

/**
 * Every ring of the mask, at the corners where it turns. Rings keep the foreground on their right; where two pixels
 * touch at a corner only, they turn towards the background, so parts are 4-connected.
 *
 * @param box of all foreground
 */
export function traceRings(mask: Mask, box: Box): TracedPolygon[] {
  const grid = gridOf(mask, box);
  const { cells, stride, owners } = grid;
  const polygons: TracedPolygon[] = [];
  // Row by row, a part shows first at its upper left pixel and a hole at the pixels above it; by then the ring at the
  // left end of that row of pixels, which tells whose hole it is, has been traced.
  let runStart = 0;
  for (let c = stride; c < cells.length - stride; c++) {
    if (cells[c] === 0) continue;
    if (cells[c - 1] === 0) runStart = c;
    if (cells[c - stride] === 0 && (cells[c]! & TOP_DONE) === 0) {
      polygons.push({ outer: followRing(grid, c, RIGHT, polygons.length), holes: [] });
    }
    if (cells[c + stride] === 0 && (cells[c]! & BOTTOM_DONE) === 0) {
      const owner = owners[runStart]!;
      polygons[owner]!.holes.push(followRing(grid, c + stride + 1, LEFT, owner));
    }
  }
  return polygons;
}

function gridOf({ width, data }: Mask, [x0, y0, x1, y1]: Box): Grid {
  const stride = x1 - x0 + 3;
  const cells = new Uint8Array(stride * (y1 - y0 + 3));
  for (let y = y0; y <= y1; y++) {
    cells.set(data.subarray(y * width + x0, y * width + x1 + 1), (y - y0 + 1) * stride + 1);
  }
  return { cells, stride, left: x0 - 1, top: y0 - 1, owners: new Int32Array(cells.length) };
}

/** The ring that leaves a corner in a direction; its sides are marked as traced. */
function followRing(
  { cells, stride, left, top, owners }: Grid,
  start: number,
  heading: number,
  owner: number,
): number[] {
  const step = [1, stride, -1, -stride];
  // The cell ahead on the right hand, seen from a corner; the one on the left hand is that of the direction before.
  const ahead = [0, -1, -stride - 1, -stride];
  const ring: number[] = [];
  let corner = start;
  let direction = heading;
  do {
    if (direction === RIGHT) cells[corner]! |= TOP_DONE;
    else if (direction === LEFT) cells[corner - stride - 1]! |= BOTTOM_DONE;
    else if (direction === UP) owners[corner - stride] = owner;
    corner += step[direction]!;
    const before = (direction + 3) % 4;
    let next = direction;
    if (cells[corner + ahead[direction]!] === 0) next = (direction + 1) % 4;
    else if (cells[corner + ahead[before]!] !== 0) next = before;
    if (next !== direction) ring.push((corner % stride) + left, Math.floor(corner / stride) + top);
    direction = next;
  } while (corner !== start || direction !== heading);
  return ring;
}
