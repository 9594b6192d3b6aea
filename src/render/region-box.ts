import { type Box, boxUnion } from "../core/mask.ts";
import type { ExplainedRegion } from "./explained-region.ts";
import type { Sized } from "./same-size.ts";

/** Share of a box's side added around it. */
const PADDING = 0.4;
const LEAST_PADDING = 6;

/**
 * The part of the photo that shows a region and its boxes with their surroundings, widened to the shape of the
 * cell it will stand in as far as the photo allows.
 *
 * @returns a box (both ends inclusive) within the photo
 */
export function regionBox(
  { box, iterations }: Pick<ExplainedRegion, "box" | "iterations">,
  photo: Sized,
  cell: Sized,
): Box {
  const boxes = iterations.flatMap(({ prompts }) => [prompts.tightBox, prompts.box ?? prompts.tightBox]);
  const [x0, y0, x1, y1] = boxes.reduce(boxUnion, box);
  const width = paddedSide(x0, x1);
  const height = paddedSide(y0, y1);
  const aspect = cell.width / cell.height;
  const [left, right] = span((x0 + x1) / 2, Math.max(width, height * aspect), photo.width);
  const [top, bottom] = span((y0 + y1) / 2, Math.max(height, width / aspect), photo.height);
  return [left, top, right, bottom];
}

function paddedSide(from: number, to: number): number {
  const side = to - from + 1;
  return side + 2 * Math.max(LEAST_PADDING, side * PADDING);
}

/** `length` pixels around a middle, moved and then cut to lie within 0..size-1. */
function span(middle: number, length: number, size: number): [from: number, to: number] {
  const whole = Math.min(size, Math.max(1, Math.round(length)));
  const from = Math.min(size - whole, Math.max(0, Math.round(middle - (whole - 1) / 2)));
  return [from, from + whole - 1];
}
