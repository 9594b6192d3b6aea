/** `--ignore-label`. */
import { wholeNumber } from "./whole-number.ts";

/** A parser for the value of a mask that is no class. */
export function ignoreLabel(text: string): number | "none" {
  return text === "none" ? text : wholeNumber("--ignore-label", 0, 65_535)(text);
}
