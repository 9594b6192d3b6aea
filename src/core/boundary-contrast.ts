/** How well a mask's boundary separates colours: the gate of the default preset. */

import type { ContrastView } from "./contrast-view.ts";
import type { Frame } from "./frame.ts";
import type { Mask } from "./mask.ts";
import { scratchBytes } from "./scratch.ts";
import type { Interpolation } from "./upscale.ts";
import { type MaskWindow, shrinkLogits, shrinkMask } from "./view-mask.ts";

/**
 * Boundary contrast E of a mask: the mean over boundary pixels (mask minus its 3×3 erosion) of the distance between
 * the mean Lab colour inside and outside the mask in a 5×5 window. 0 without a boundary.
 */
export function boundaryContrast(view: ContrastView, mask: Mask): number {
  return windowContrast(view, { x0: 0, y0: 0, x1: mask.width, y1: mask.height, mask: mask.data });
}

/** As {@link boundaryContrast}, for a mask in a window. */
export function windowContrast(view: ContrastView, part: MaskWindow): number {
  return contrastOf(view, shrinkMask(part, view));
}

/**
 * Boundary contrast of the mask that low-res logits would give, straight on the view's grid: a candidate that is
 * rejected never becomes a photo-sized mask.
 *
 * @param lowRes `Float32Array [256, 256]`
 */
export function logitContrast(
  view: ContrastView,
  lowRes: Float32Array,
  frame: Frame,
  interpolation: Interpolation,
): number {
  return contrastOf(view, shrinkLogits(view, lowRes, frame, interpolation));
}

/** @param inside `Uint8Array [height, width]` of the view */
function contrastOf(view: ContrastView, inside: Uint8Array): number {
  const { width, height } = view;
  const wide = erodedAlongRows(inside, width);
  let sum = 0;
  let count = 0;
  for (let y = 0, i = 0; y < height; y++) {
    // The view's border is no boundary.
    const above = y === 0 ? 0 : -width;
    const below = y + 1 === height ? 0 : width;
    for (let x = 0; x < width; x++, i++) {
      if (inside[i] === 0 || (wide[i]! & wide[i + above]! & wide[i + below]!) === 1) continue;
      sum += sideDistance(view, inside, x, y);
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** 1 where a pixel and its neighbours in the row are inside. */
function erodedAlongRows(inside: Uint8Array, width: number): Uint8Array {
  const out = scratchBytes("eroded along rows", inside.length);
  for (let row = 0; row < inside.length; row += width) {
    const end = row + width - 1;
    for (let i = row + 1; i < end; i++) out[i] = inside[i - 1]! & inside[i]! & inside[i + 1]!;
    out[row] = inside[row]! & inside[Math.min(row + 1, end)]!;
    out[end] = inside[end]! & inside[Math.max(end - 1, row)]!;
  }
  return out;
}

/** Distance between the mean colours of both sides in the 5×5 window around a boundary pixel. */
function sideDistance(
  { width, height, lab }: ContrastView,
  inside: Uint8Array,
  x: number,
  y: number,
): number {
  const [lightness, a, b] = lab;
  let n = 0;
  let total = 0;
  let l1 = 0;
  let a1 = 0;
  let b1 = 0;
  let l2 = 0;
  let a2 = 0;
  let b2 = 0;
  for (let v = Math.max(0, y - 2); v <= Math.min(height - 1, y + 2); v++) {
    for (let u = Math.max(0, x - 2); u <= Math.min(width - 1, x + 2); u++) {
      const i = v * width + u;
      const side = inside[i]!;
      total++;
      n += side;
      l1 += side * lightness[i]!;
      a1 += side * a[i]!;
      b1 += side * b[i]!;
      l2 += lightness[i]!;
      a2 += a[i]!;
      b2 += b[i]!;
    }
  }
  const m = total - n;
  const dl = l1 / n - (l2 - l1) / m;
  const da = a1 / n - (a2 - a1) / m;
  const db = b1 / n - (b2 - b1) / m;
  return Math.sqrt(dl * dl + da * da + db * db);
}
