/** Edges of a part on the photo, in pixels: `[left, top, right, bottom]`. */
export type Extent = readonly [left: number, top: number, right: number, bottom: number];

/**
 * Which old part each new part of a region continues, so that it keeps what the file says of it: the one whose box
 * it shares most pixels with. No old part is continued twice; those without a match are taken last.
 *
 * @returns for each new part an index into `before`, or `undefined` where there are more new parts than old ones
 */
export function matchParts(before: readonly Extent[], after: readonly Extent[]): (number | undefined)[] {
  const matches = new Array<number | undefined>(after.length).fill(undefined);
  const free = new Set(before.keys());
  for (const { old, fresh } of overlaps(before, after)) {
    if (matches[fresh] !== undefined || !free.has(old)) continue;
    matches[fresh] = old;
    free.delete(old);
  }
  const rest = free.values();
  return matches.map((match) => match ?? rest.next().value);
}

function overlaps(before: readonly Extent[], after: readonly Extent[]): { old: number; fresh: number }[] {
  const pairs = before.flatMap((a, old) => after.map((b, fresh) => ({ old, fresh, area: shareArea(a, b) })));
  return pairs.filter(({ area }) => area > 0).sort((a, b) => b.area - a.area);
}

/** Area that two extents share. */
export function shareArea(a: Extent, b: Extent): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return Math.max(0, width) * Math.max(0, height);
}

/** The extent of a flat `[x, y, …]` polygon. */
export function extentOf(polygon: readonly number[]): Extent {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < polygon.length; i += 2) {
    left = Math.min(left, polygon[i]!);
    right = Math.max(right, polygon[i]!);
    top = Math.min(top, polygon[i + 1]!);
    bottom = Math.max(bottom, polygon[i + 1]!);
  }
  return [left, top, right, bottom];
}
