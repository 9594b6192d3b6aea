/** Figures as they are read. */

/** A share of 0..1 with two digits; a dash when there is none. SAM's estimates go a little beyond 1. */
export function share(value: number | undefined): string {
  if (value === undefined) return "–";
  return Math.min(Math.max(value, 0), 1).toFixed(2);
}

/** A sentence's beginning. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
