/** Colours as the render room passes them around. */

/** `[red, green, blue]` 0..255 with an optional opacity 0..1 (absent: opaque). */
export type Colour = readonly [red: number, green: number, blue: number, opacity?: number];

/** The colour with another opacity, 0..1. */
export function withOpacity([red, green, blue]: Colour, opacity: number): Colour {
  return [red, green, blue, opacity];
}

/** Straight mix of two opaque colours; `share` 0 gives the first, 1 the second. */
export function mixColours(a: Colour, b: Colour, share: number): Colour {
  const mix = (from: number, to: number) => from + (to - from) * share;
  return [mix(a[0], b[0]), mix(a[1], b[1]), mix(a[2], b[2])];
}

/** Rec. 709 luma of the 8-bit values, 0..255. */
export function luma(red: number, green: number, blue: number): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
