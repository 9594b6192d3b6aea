import type { LabelMap } from "../core/mask.ts";

/** A pixel on the inner side of a label's boundary. */
export const EDGE = 1;
/** A pixel just outside such a boundary. */
const HALO_EDGE = 2;

/**
 * Where the boundaries of a label map run. The picture's own border is no boundary.
 *
 * @param thickness pixels the boundary reaches into its label
 * @returns `[height, width]` row-major: 0, {@link EDGE} or 2 for the pixel just outside
 */
export function labelEdges(labels: LabelMap, thickness = 1): Uint8Array {
  let edges = spread(
    labels,
    new Uint8Array(labels.data.length),
    (id, other) => id !== 0 && id !== other,
    EDGE,
  );
  for (let ring = 1; ring < thickness; ring++) {
    edges = spread(labels, edges, (id, other, mark) => id === other && mark === EDGE, EDGE);
  }
  return spread(labels, edges, (id, other, mark) => id !== other && mark === EDGE, HALO_EDGE);
}

/** Marks each unmarked pixel that has a 4-neighbour for which the rule holds. */
function spread(
  { width, height, data }: LabelMap,
  marks: Uint8Array,
  rule: (id: number, neighbour: number, neighbourMark: number) => boolean,
  mark: number,
): Uint8Array {
  const out = marks.slice();
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (marks[i] !== 0) continue;
      const id = data[i]!;
      const holds = (j: number) => rule(id, data[j]!, marks[j]!);
      const found =
        (x > 0 && holds(i - 1)) ||
        (x + 1 < width && holds(i + 1)) ||
        (y > 0 && holds(i - width)) ||
        (y + 1 < height && holds(i + width));
      if (found) out[i] = mark;
    }
  }
  return out;
}
