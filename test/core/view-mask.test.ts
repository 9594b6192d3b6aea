import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ContrastView, contrastView } from "../../src/core/contrast-view.ts";
import { type Frame, frameOf } from "../../src/core/frame.ts";
import { type Interpolation, upscaleLogits } from "../../src/core/upscale.ts";
import { shrinkLogits } from "../../src/core/view-mask.ts";
import { numbers } from "./arbitrary.ts";

/** A wavy blob with noise: deep inside and outside, and with stray cells. */
function blob(seed: number, slope: number): Float32Array {
  const next = numbers(seed);
  const [cx, cy, radius, waves] = [60 + 120 * next(), 40 + 90 * next(), 20 + 60 * next(), 1 + 8 * next()];
  return Float32Array.from({ length: 256 * 256 }, (_, i) => {
    const [dx, dy] = [(i % 256) - cx, Math.floor(i / 256) - cy];
    const wave = 6 * Math.sin(Math.round(waves) * Math.atan2(dy, dx));
    return slope * (radius - Math.hypot(dx, dy) + wave) + (next() < 0.001 ? 8 : next() - 0.5);
  });
}

/** The upscaled logits averaged over every pixel of the view, from the definition. */
function averages(view: ContrastView, lowRes: Float32Array, frame: Frame, kind: Interpolation): number[] {
  const { data } = upscaleLogits(lowRes, frame, kind);
  const [sx, sy] = [(view.x1 - view.x0) / view.width, (view.y1 - view.y0) / view.height];
  const overlap = (i: number, from: number, size: number) =>
    Math.max(0, Math.min(i + 1, from + size) - Math.max(i, from));
  return Array.from({ length: view.width * view.height }, (_, k) => {
    const [x, y] = [(k % view.width) * sx, Math.floor(k / view.width) * sy];
    let sum = 0;
    for (let v = Math.floor(y); v < y + sy - 1e-9; v++) {
      for (let u = Math.floor(x); u < x + sx - 1e-9; u++)
        sum += data[(v + view.y0) * frame.width + u + view.x0]! * overlap(u, x, sx) * overlap(v, y, sy);
    }
    return sum / (sx * sy);
  });
}

describe("shrinkLogits", () => {
  it("is 1 where the upscaled logits of a pixel are positive on average", () => {
    const shot = fc.record({
      size: fc.constantFrom([640, 480], [1100, 500], [90, 60], [30, 300], [257, 255]),
      seed: fc.nat(1e6),
      slope: fc.constantFrom(0.1, 0.5, 2),
      kind: fc.constantFrom<Interpolation>("bilinear", "bicubic"),
      part: fc.tuple(
        fc.double({ min: 0, max: 0.7, noNaN: true }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
      ),
    });
    fc.assert(
      fc.property(shot, ({ size: [width, height], seed, slope, kind, part: [from, share] }) => {
        const photo = { width: width!, height: height!, data: new Uint8Array(width! * height! * 3) };
        const at = (side: number, t: number) => Math.min(side - 1, Math.floor(side * t));
        const view = contrastView(photo, [
          at(width!, from),
          at(height!, from),
          at(width!, from + share),
          at(height!, from + share),
        ]);
        const frame = frameOf(width!, height!);
        const lowRes = blob(seed, slope);
        const expected = averages(view, lowRes, frame, kind);
        const found = shrinkLogits(view, lowRes, frame, kind);
        // Averages next to 0 may fall to either side.
        expect(expected.findIndex((v, k) => Math.abs(v) > 1e-3 && found[k] !== (v > 0 ? 1 : 0))).toBe(-1);
      }),
      { numRuns: 40 },
    );
  });
});
