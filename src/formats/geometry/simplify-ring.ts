/**
 * A closed ring with fewer points (Douglas-Peucker): every left-out one lies within the tolerance of the line that
 * replaces it.
 *
 * @param ring flat `[x0, y0, x1, y1, …]`, at least one point, without a repeated first point
 * @param tolerance pixels
 */
export function simplifyRing(ring: readonly number[], tolerance: number): number[] {
  const points = ring.length / 2;
  const keep = new Uint8Array(points + 1);
  const far = farthest(ring, 0, 0, 0, points).index;
  keep[0] = keep[far] = 1;
  // The ring's end is its first point again, so both halves are open lines.
  const open: [number, number][] = [
    [0, far],
    [far, points],
  ];
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const [from, to] = span;
    const { index, distance } = farthest(ring, from, to % points, from + 1, to);
    if (!(distance > tolerance)) continue;
    keep[index] = 1;
    open.push([from, index], [index, to]);
  }
  return ring.filter((_, i) => keep[i >> 1] === 1);
}

/** Of points `first` up to, without, `end`: the one farthest from the line between points `a` and `b`. */
function farthest(
  ring: readonly number[],
  a: number,
  b: number,
  first: number,
  end: number,
): { index: number; distance: number } {
  const x = ring[2 * a]!;
  const y = ring[2 * a + 1]!;
  const dx = ring[2 * b]! - x;
  const dy = ring[2 * b + 1]! - y;
  const length = dx * dx + dy * dy;
  let index = first;
  let most = -1;
  for (let i = first; i < end; i++) {
    const px = ring[2 * i]! - x;
    const py = ring[2 * i + 1]! - y;
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
    const squared = (px - along * dx) ** 2 + (py - along * dy) ** 2;
    if (squared > most) {
      most = squared;
      index = i;
    }
  }
  return { index, distance: Math.sqrt(most) };
}
