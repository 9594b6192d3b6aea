import type { RunLengthMask } from "../../core/run-length.ts";
import type { Size } from "../annotations/annotation-file.ts";

/** Steps per pixel on which outlines are rounded before they become pixels, as pycocotools does. */
const STEPS = 5;

/** Beyond this no photo reaches, and a broken number would only cost precision. */
const FARTHEST = 1e9;

/**
 * The pixels of polygons, the union of all parts, exactly as pycocotools rasterises each of them (`rleFrPoly`):
 * even-odd inside a part, clipped at the photo's border.
 *
 * @param polygons parts, each flat `[x0, y0, x1, y1, …]` in pixels, (0, 0) the top-left corner of the photo
 * @throws {RangeError} for an odd number of coordinates, or one that is not finite or beyond 1e9
 */
export function rasterizePolygons(polygons: readonly (readonly number[])[], size: Size): RunLengthMask {
  const starts: number[] = [];
  const ends: number[] = [];
  for (const polygon of polygons) {
    const crossings = columnCrossings(polygon, size);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      starts.push(crossings[k]!);
      ends.push(crossings[k + 1]!);
    }
  }
  return {
    ...size,
    counts: unionOfRuns(Float64Array.from(starts), Float64Array.from(ends), size.width * size.height),
  };
}

/** Column-major positions at which the outline of one part switches between outside and inside, ascending. */
function columnCrossings(polygon: readonly number[], size: Size): Float64Array {
  const steps = toSteps(polygon);
  const crossings: number[] = [];
  for (let i = 0; i < steps.length; i += 2) {
    const next = (i + 2) % steps.length;
    crossEdge(steps[i]!, steps[i + 1]!, steps[next]!, steps[next + 1]!, size, crossings);
  }
  return Float64Array.from(crossings).sort();
}

function toSteps(polygon: readonly number[]): number[] {
  if (polygon.length % 2 !== 0) {
    throw new RangeError(`A polygon of ${polygon.length} coordinates: expected an even number`);
  }
  return polygon.map((coordinate) => {
    if (typeof coordinate !== "number" || !(Math.abs(coordinate) <= FARTHEST)) {
      throw new RangeError(`A polygon with the coordinate ${coordinate}: expected numbers up to ${FARTHEST}`);
    }
    return Math.trunc(STEPS * coordinate + 0.5);
  });
}

/**
 * Adds where one edge, in steps, crosses the middle of a pixel column. The reference walks every step of the outline;
 * only the one between steps 2 and 3 of a column counts, so it is computed for each column: a polygon that reaches
 * far beyond the photo costs nothing.
 */
function crossEdge(x0: number, y0: number, x1: number, y1: number, size: Size, crossings: number[]): void {
  const first = Math.max(0, Math.ceil((Math.min(x0, x1) - 2) / STEPS));
  const last = Math.min(size.width - 1, Math.floor((Math.max(x0, x1) - 3) / STEPS));
  if (first > last) return;
  const flat = Math.abs(x1 - x0) >= Math.abs(y1 - y0);
  // The reference always walks upwards along the longer side, so both directions round alike.
  const forward = flat ? x0 <= x1 : y0 <= y1;
  const row = flat ? rowOnFlatEdge : rowOnSteepEdge;
  for (let column = first; column <= last; column++) {
    const middle = STEPS * column + 2;
    const y = forward ? row(x0, y0, x1, y1, middle) : row(x1, y1, x0, y0, middle);
    crossings.push(column * size.height + pixelRow(y, size.height));
  }
}

/** The upper end of the step from `x` to `x + 1` on an edge with x0 < x1 that is wider than high. */
function rowOnFlatEdge(x0: number, y0: number, x1: number, y1: number, x: number): number {
  const slope = (y1 - y0) / (x1 - x0);
  const left = Math.trunc(y0 + slope * (x - x0) + 0.5);
  const right = Math.trunc(y0 + slope * (x + 1 - x0) + 0.5);
  return Math.min(left, right);
}

/** The upper end of the step between `x` and `x + 1` on an edge with y0 < y1 that is higher than wide. */
function rowOnSteepEdge(x0: number, y0: number, x1: number, y1: number, x: number): number {
  const slope = (x1 - x0) / (y1 - y0);
  const passed = (t: number): boolean => {
    const right = Math.trunc(x0 + slope * t + 0.5) > x;
    return slope > 0 ? right : !right;
  };
  // Solved first, then corrected: the reference rounds, and the last bit decides on ties.
  let t = Math.ceil((x + 0.5 - x0) / slope);
  while (passed(t - 1)) t--;
  while (!passed(t)) t++;
  return y0 + t - 1;
}

/** The first pixel row below a crossing at a height in steps. */
function pixelRow(y: number, height: number): number {
  const row = (y + 0.5) / STEPS - 0.5;
  return row < 0 ? 0 : Math.ceil(Math.min(row, height));
}

/** Runs of everything covered by at least one `[start, end)`. */
function unionOfRuns(starts: Float64Array, ends: Float64Array, total: number): Uint32Array {
  starts.sort();
  ends.sort();
  const counts: number[] = [];
  let written = 0;
  for (let s = 0, e = 0; s < starts.length; ) {
    const start = starts[s]!;
    // Open spans are those begun and not ended; a span that begins where another ends continues the run.
    for (s++; e < s; e++) {
      while (s < starts.length && starts[s]! <= ends[e]!) s++;
    }
    const end = ends[e - 1]!;
    if (end === start) continue;
    counts.push(start - written, end - start);
    written = end;
  }
  if (written < total || counts.length === 0) counts.push(total - written);
  return Uint32Array.from(counts);
}
