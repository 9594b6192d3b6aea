import { expect, it } from "vitest";
import { alignEdges, edgeMargin } from "../../../src/core/edges/align-edges.ts";
import { frameOf } from "../../../src/core/frame.ts";
import { sameValues } from "../../../src/core/mask.ts";
import { positiveWindow, upscaleLogits, upscaleMask } from "../../../src/core/upscale.ts";
import { keepHeat, keepLogits, restoreLogits } from "../../../src/dataset/session/kept-logits.ts";

/** A soft blob somewhere, and unrest where nothing is. */
function blob(cx: number, cy: number, radius: number): Float32Array {
  return Float32Array.from({ length: 65_536 }, (_, i) => {
    const distance = Math.hypot((i % 256) - cx, Math.floor(i / 256) - cy);
    return Math.max(-8, radius - distance) + Math.sin(i * 12.9898) * 0.4 - 0.4;
  });
}

const noise = (n: number) =>
  Uint8Array.from({ length: n }, (_, i) => (Math.sin(i * 78.233) * 43_758.5453) & 255);

it.each([
  [200, 150, 100, 90, 20],
  [900, 700, 128, 128, 30],
  [3000, 2000, 40, 60, 12],
  [640, 480, 5, 5, 9],
])("keeps all that a mask of %i×%i depends on", (width, height, cx, cy, radius) => {
  const frame = frameOf(width, height);
  const lowRes = blob(cx, cy, radius);
  const kept = keepLogits(lowRes, frame);
  const restored = restoreLogits(kept);
  expect(kept.data.length).toBeLessThan(65_536);
  const shown = (values: Float32Array) => upscaleMask(values, frame, "bicubic").data;
  expect(sameValues(shown(restored), shown(lowRes))).toBe(true);
  const window = positiveWindow(lowRes, frame, edgeMargin(frame))!;
  expect(positiveWindow(restored, frame, edgeMargin(frame))).toEqual(window);
  const photo = { width, height, data: noise(width * height * 3) };
  const aligned = (values: Float32Array) => {
    const plain = upscaleLogits(values, frame, "bicubic", window);
    return Uint8Array.from(alignEdges(photo, values, plain, frame).data, (v) => (v > 0 ? 1 : 0));
  };
  expect(sameValues(aligned(restored), aligned(lowRes))).toBe(true);
});

it("keeps nothing of logits without an object", () => {
  const lowRes = new Float32Array(65_536).fill(-3);
  const kept = keepLogits(lowRes, frameOf(100, 100));
  expect(kept.data).toHaveLength(0);
  expect(Math.max(...restoreLogits(kept))).toBeLessThan(0);
});

it.each([
  ["an object", blob(40, 200, 12)],
  ["a single cell", new Float32Array(65_536).fill(-15).fill(-14, 65_535)],
  ["one value", new Float32Array(65_536).fill(-15)],
])("keeps every value of a mask prompt with %s", (_, lowRes) => {
  const heat = lowRes.map((value) => Math.max(value, -3));
  for (const values of [lowRes, heat]) expect(restoreLogits(keepHeat(values))).toEqual(values);
  expect(keepHeat(heat).data.length).toBeLessThan(65_536);
});
