/** Lines between photo pixels that are large enough for it. */
import type { Placement } from "./tile-layer.ts";

/** Device pixels per photo pixel from which the grid is drawn. */
const GRID_FROM = 10;

/** Draws the grid on what is seen of the photo. The context is in device pixels. */
export function drawPixelGrid(
  context: CanvasRenderingContext2D,
  photo: { readonly width: number; readonly height: number },
  { left, top, scale, clip }: Placement,
): void {
  if (scale < GRID_FROM) return;
  const x0 = Math.max(Math.floor((clip.x - left) / scale), 0);
  const y0 = Math.max(Math.floor((clip.y - top) / scale), 0);
  const x1 = Math.min(Math.ceil((clip.x + clip.width - left) / scale), photo.width);
  const y1 = Math.min(Math.ceil((clip.y + clip.height - top) / scale), photo.height);
  context.beginPath();
  for (let x = x0; x <= x1; x++) {
    const at = Math.round(left + x * scale) + 0.5;
    context.moveTo(at, top + y0 * scale);
    context.lineTo(at, top + y1 * scale);
  }
  for (let y = y0; y <= y1; y++) {
    const at = Math.round(top + y * scale) + 0.5;
    context.moveTo(left + x0 * scale, at);
    context.lineTo(left + x1 * scale, at);
  }
  context.lineWidth = 1;
  context.strokeStyle = "rgba(128, 128, 128, 0.45)";
  context.stroke();
}
