import { type Colour, withOpacity } from "./colour.ts";
import { oklch } from "./oklch.ts";

/** Gray of ignored pixels. */
export const IGNORE_COLOUR: Colour = [150, 152, 158];

/** Hue of id 1: a pink that photos seldom hold. */
const FIRST_HUE = 350;
const GOLDEN_ANGLE = 180 * (3 - Math.sqrt(5));
const LIGHTNESS_SHIFTS = [0, 0.09, -0.09];

/**
 * The colour of a class or instance id, the same in every picture: hues a golden angle apart, with three
 * lightnesses in turn. Background (0) is clear.
 *
 * @param ignoreLabel id shown in gray; `null` for none
 */
export function classColour(id: number, ignoreLabel: number | null = 255): Colour {
  if (id === 0) return withOpacity([0, 0, 0], 0);
  if (id === ignoreLabel) return IGNORE_COLOUR;
  const hue = FIRST_HUE + (id - 1) * GOLDEN_ANGLE;
  const shift = LIGHTNESS_SHIFTS[(id - 1) % LIGHTNESS_SHIFTS.length]!;
  return oklch(fullestLightness(hue) + shift, 0.2, hue);
}

/** About where sRGB holds most chroma: yellow is only vivid when light, blue when dark. */
function fullestLightness(hue: number): number {
  return 0.68 + 0.08 * Math.cos(((hue - 110) * Math.PI) / 180);
}
