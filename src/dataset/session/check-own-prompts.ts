import { OptionError } from "../../core/errors.ts";
import type { OwnPrompts } from "../../core/prompts/own-prompts.ts";
import type { Size } from "../../formats/annotations/annotation-file.ts";

/**
 * Checks prompts of a caller.
 *
 * @throws {OptionError} for places outside of the photo, and a box without a pixel
 */
export function checkOwnPrompts({ points = [], box }: OwnPrompts, { width, height }: Size): void {
  const inside = (x: number, y: number): boolean => x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1;
  const outside = points.find(({ x, y }) => !inside(x, y));
  if (outside !== undefined) {
    throw new OptionError(
      `The point (${outside.x}, ${outside.y}) lies outside of the photo: expected 0, 0 to ${width - 1}, ${height - 1}`,
    );
  }
  if (box === undefined) return;
  const [x0, y0, x1, y1] = box;
  if (inside(x0, y0) && inside(x1, y1) && x0 <= x1 && y0 <= y1) return;
  throw new OptionError(
    `The box is ${box.join(", ")}: expected left, top, right and bottom within 0, 0 to ${width - 1}, ${height - 1}`,
  );
}
