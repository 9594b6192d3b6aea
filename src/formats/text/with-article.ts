/** A noun from a file with "a" or "an" before it, cut to a length that a message bears. */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun.slice(0, 40)}`;
}
