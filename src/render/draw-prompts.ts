import type { Box } from "../core/mask.ts";
import type { StrokeStyle } from "./draw-line.ts";
import { drawPoint } from "./draw-point.ts";
import { drawRectangle } from "./draw-rectangle.ts";
import type { ExplainedPrompts } from "./explained-region.ts";
import type { Picture } from "./picture.ts";
import type { Edges } from "./shapes.ts";
import { BOX } from "./theme.ts";
import { type View, viewEdges, viewPlace } from "./view.ts";

/** The box given to SAM. */
export const GIVEN_BOX_STYLE: StrokeStyle = { colour: BOX };
/** The tight box of the mask; its blanks let a given box of the same place shine through. */
export const TIGHT_BOX_STYLE: StrokeStyle = { colour: [255, 255, 255], dash: [8, 8], halo: 1 };

/** Draws the prompts of one iteration on a view of the photo: boxes first, points on top. */
export function drawPrompts(picture: Picture, prompts: ExplainedPrompts, view: View): void {
  const { positive, negative, tightBox, box } = prompts;
  if (box) drawRectangle(picture, visibleEdges(box, view), GIVEN_BOX_STYLE);
  drawRectangle(picture, visibleEdges(tightBox, view), TIGHT_BOX_STYLE);
  if (negative) drawPoint(picture, viewPlace(negative, view), "negative");
  if (positive) drawPoint(picture, viewPlace(positive, view), "positive");
}

/** Edges on whole pixels, moved in where half of the stroke would fall off the picture. */
function visibleEdges(box: Box, view: View): Edges {
  const [left, top, right, bottom] = viewEdges(box, view);
  const inside = (edge: number, size: number) => Math.round(Math.min(Math.max(edge, 1), size - 1));
  return [
    inside(left, view.width),
    inside(top, view.height),
    inside(right, view.width),
    inside(bottom, view.height),
  ];
}
