import type { Colour } from "./colour.ts";
import { oklch } from "./oklch.ts";

/**
 * The colour of a level, 0..1: from dark violet through red and orange to pale yellow, its lightness growing
 * evenly so that equal steps look equal (also in gray).
 */
export function heatColour(level: number): Colour {
  const t = Math.min(1, Math.max(0, level));
  return oklch(0.14 + 0.83 * t, 0.06 + 0.15 * Math.sin(Math.PI * Math.min(1, 0.15 + 0.8 * t)), 285 + 175 * t);
}
