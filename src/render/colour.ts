/** Colours as the render room passes them around. */

/** `[red, green, blue]` 0..255 with an optional opacity 0..1 (absent: opaque). */
export type Colour = readonly [red: number, green: number, blue: number, opacity?: number];

/** The colour with another opacity, 0..1. */
export function withOpacity([red, green, blue]: Colour, opacity: number): Colour {
  return [red, green, blue, opacity];
}

/** Rec. 709 luma of the 8-bit values, 0..255. */
export function luma(red: number, green: number, blue: number): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
