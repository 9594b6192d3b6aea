/** Figures as they are read. */

/** A share of 0..1 with two digits; a dash when there is none. SAM's estimates go a little beyond 1. */
export function share(value: number | undefined): string {
  if (value === undefined) return "–";
  return Math.min(Math.max(value, 0), 1).toFixed(2);
}

/** A number of things with their name. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
