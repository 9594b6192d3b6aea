import type { TracedPolygon } from "./trace-polygons.ts";

/** Share of a mask's pixels that may be left out. */
const mostShare = 0.01;

/** Polygons without specks. */
export interface CleanPolygons {
  readonly polygons: readonly TracedPolygon[];
  /** How many parts and holes were left out. */
  readonly specks: number;
}

/** A part or a hole. */
interface Ring {
  readonly ring: readonly number[];
  readonly pixels: number;
}

/**
 * Polygons without their smallest parts and holes, the smallest first, as long as these are less than a hundredth of
 * the pixels together: so the largest part always stays, and many small parts that make up a mask do.
 *
 * @param polygons exact, as `tracePolygons` gives them with tolerance 0
 * @param least pixels that a part (without its holes) or a hole must have
 */
export function leaveOutSpecks(polygons: readonly TracedPolygon[], least: number): CleanPolygons {
  const parts = polygons.map(({ outer, holes }): Ring => {
    const cut = holes.reduce((sum, hole) => sum + ringArea(hole), 0);
    return { ring: outer, pixels: ringArea(outer) - cut };
  });
  const holes = polygons
    .flatMap((polygon) => polygon.holes)
    .map((ring) => ({ ring, pixels: ringArea(ring) }));
  const total = parts.reduce((sum, { pixels }) => sum + pixels, 0);
  const specks = smallest([...parts, ...holes], least, total * mostShare);
  if (specks.size === 0) return { polygons, specks: 0 };
  const kept = polygons
    .filter(({ outer }) => !specks.has(outer))
    .map(({ outer, holes: own }) => ({ outer, holes: own.filter((hole) => !specks.has(hole)) }));
  return { polygons: kept, specks: specks.size };
}

function smallest(rings: readonly Ring[], least: number, most: number): Set<readonly number[]> {
  const chosen = new Set<readonly number[]>();
  let sum = 0;
  for (const { ring, pixels } of rings
    .filter((one) => one.pixels < least)
    .sort((a, b) => a.pixels - b.pixels)) {
    sum += pixels;
    if (sum >= most) break;
    chosen.add(ring);
  }
  return chosen;
}

/** Area inside a flat polygon, in square pixels. */
export function ringArea(ring: readonly number[]): number {
  let twice = 0;
  for (let i = 0; i < ring.length; i += 2) {
    twice += ring.at(i - 2)! * ring[i + 1]! - ring[i]! * ring.at(i - 1)!;
  }
  return Math.abs(twice) / 2;
}
