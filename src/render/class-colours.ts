import { type Colour, withOpacity } from "./colour.ts";
import { oklch } from "./oklch.ts";

/** Gray of ignored pixels. */
export const IGNORE_COLOUR: Colour = [150, 152, 158];

/** Hue of id 1: a pink that photos seldom hold. */
const FIRST_HUE = 350;
const GOLDEN_ANGLE = 180 * (3 - Math.sqrt(5));
const LIGHTNESS = [0.68, 0.78, 0.58];

/**
 * The colour of a class or instance id, the same in every picture: hues a golden angle apart, with three
 * lightnesses in turn. Background (0) is clear.
 *
 * @param ignoreLabel id shown in gray; `null` for none
 */
export function classColour(id: number, ignoreLabel: number | null = 255): Colour {
  if (id === 0) return withOpacity([0, 0, 0], 0);
  if (id === ignoreLabel) return IGNORE_COLOUR;
  return oklch(LIGHTNESS[(id - 1) % LIGHTNESS.length]!, 0.2, FIRST_HUE + (id - 1) * GOLDEN_ANGLE);
}
