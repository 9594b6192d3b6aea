const collator = new Intl.Collator("en", { numeric: true });

/** Orders names as people do, `2` before `10`, the same on every machine. */
export function naturalOrder(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
