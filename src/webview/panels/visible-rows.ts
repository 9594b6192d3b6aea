/** Which lines of a long list are on the screen. */

/** Lines above and below that are made beforehand. */
const MARGIN = 4;

/** The first line to draw, and the one after the last. */
export function visibleRows(
  scrolled: number,
  height: number,
  rowHeight: number,
  rows: number,
): readonly [from: number, to: number] {
  const from = Math.max(Math.floor(scrolled / rowHeight) - MARGIN, 0);
  const to = Math.min(Math.ceil((scrolled + height) / rowHeight) + MARGIN, rows);
  return [Math.min(from, to), to];
}

/** Where to scroll so that a line is seen whole. */
export function scrollTo(row: number, scrolled: number, height: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < scrolled) return top;
  return top + rowHeight > scrolled + height ? top + rowHeight - height : scrolled;
}
