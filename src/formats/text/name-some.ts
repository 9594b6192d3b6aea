/** Names that a sentence bears. */
export const mostNamed = 5;

/** `a, b, c, d, e and 3 more`. */
export function nameSome(names: readonly string[], count: number = names.length): string {
  const named = names.slice(0, mostNamed).join(", ");
  return count > mostNamed ? `${named} and ${count - mostNamed} more` : named;
}
