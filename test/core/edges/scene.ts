/** Two-coloured photos and logits of rectangles, for tests of the edge step. */
import { type Frame, frameOf } from "../../../src/core/frame.ts";
import type { Photo } from "../../../src/core/lab.ts";
import { type LogitWindow, positiveWindow, upscaleLogits } from "../../../src/core/upscale.ts";

/** `[x0, y0, x1, y1)` in photo pixels: edges between pixels. */
export type Edges = readonly [x0: number, y0: number, x1: number, y1: number];

/** 512 pixels: a low-res cell is two pixels wide. */
export const SIZE = 512;
export const FRAME: Frame = frameOf(SIZE, SIZE);

export type Colour = readonly [number, number, number];

/** A rectangle of one colour on another. */
export function sceneOf([x0, y0, x1, y1]: Edges, object: Colour, ground: Colour): Photo {
  const data = new Uint8Array(SIZE * SIZE * 3);
  for (let y = 0, i = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++, i += 3) {
      data.set(x >= x0 && x < x1 && y >= y0 && y < y1 ? object : ground, i);
    }
  }
  return { width: SIZE, height: SIZE, data };
}

/** Low-res logits that cross 0 exactly on a rectangle's edges, two a cell, up to ±12. */
export function logitsOf([x0, y0, x1, y1]: Edges): Float32Array {
  return Float32Array.from({ length: 256 * 256 }, (_, i) => {
    const x = ((i % 256) + 0.5) * 2;
    const y = (Math.floor(i / 256) + 0.5) * 2;
    const inside = Math.min(x - x0, x1 - x, y - y0, y1 - y);
    return Math.min(12, Math.max(-12, inside));
  });
}

/** The logits at the photo's size, with a margin around the positive ones. */
export function upscaled(lowRes: Float32Array, margin: number): LogitWindow {
  return upscaleLogits(lowRes, FRAME, "bicubic", positiveWindow(lowRes, FRAME, margin)!);
}

/** The logit at a photo pixel. */
export function logitAt({ x0, x1, y0, data }: LogitWindow, x: number, y: number): number {
  return data[(y - y0) * (x1 - x0) + x - x0]!;
}

/** First photo column right of the object in a row, found by walking right from inside it. */
export function rightEdge(logits: LogitWindow, from: number, y: number): number {
  let x = from;
  while (x < logits.x1 && logitAt(logits, x, y) > 0) x++;
  return x;
}
