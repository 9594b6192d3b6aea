/** A small picture of a candidate on its part of the photo. */
import type { MaskRuns } from "../../protocol/views.ts";
import { eachSpan, spansOf } from "../masks/spans.ts";
import type { Box, Size } from "../types.ts";
import type { Rgb } from "./ink.ts";
import { drawPhoto, type PhotoPyramid, SHARP_FROM } from "./photo-pyramid.ts";

/** Share of the region's size that is shown around it. */
const MARGIN = 0.15;

/** Where the photo lies on a picture of a size so that the box fills it. */
export function thumbnailPlacement(
  [x0, y0, x1, y1]: Box,
  { width, height }: Size,
): { readonly left: number; readonly top: number; readonly scale: number } {
  const boxWidth = (x1 - x0 + 1) * (1 + 2 * MARGIN);
  const boxHeight = (y1 - y0 + 1) * (1 + 2 * MARGIN);
  const scale = Math.min(width / boxWidth, height / boxHeight);
  return {
    left: width / 2 - ((x0 + x1 + 1) / 2) * scale,
    top: height / 2 - ((y0 + y1 + 1) / 2) * scale,
    scale,
  };
}

/** Draws the candidate on the canvas; the photo may be missing still. */
export function drawThumbnail(
  canvas: HTMLCanvasElement,
  photo: PhotoPyramid | undefined,
  mask: MaskRuns,
  box: Box,
  colour: Rgb,
): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const placement = { ...thumbnailPlacement(box, canvas), clip: { x: 0, y: 0, ...sizeOf(canvas) } };
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (photo) drawPhoto(context, photo, placement, placement.scale >= SHARP_FROM);
  const path = maskPath(mask, placement);
  const rgb = colour.slice(0, 3).join(", ");
  context.fillStyle = `rgba(${rgb}, 0.55)`;
  context.fill(path);
}

function sizeOf({ width, height }: Size): Size {
  return { width, height };
}

function maskPath(
  mask: MaskRuns,
  { left, top, scale }: { readonly left: number; readonly top: number; readonly scale: number },
): Path2D {
  const path = new Path2D();
  eachSpan(spansOf(mask), 0, Number.POSITIVE_INFINITY, (start, end, y) => {
    // Rows of whole device pixels, so that no seams show between them.
    const from = Math.round(top + y * scale);
    const to = Math.max(Math.round(top + (y + 1) * scale), from);
    if (to > from) path.rect(left + start * scale, from, (end - start) * scale, to - from);
  });
  return path;
}
