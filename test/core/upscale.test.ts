import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Frame, frameOf } from "../../src/core/frame.ts";
import {
  everyNth,
  type Interpolation,
  positiveWindow,
  upscaleEveryNth,
  upscaleLogits,
  upscaleMask,
} from "../../src/core/upscale.ts";

const BOTH: readonly Interpolation[] = ["bilinear", "bicubic"];

function lowRes(value: (column: number, row: number) => number): Float32Array {
  return Float32Array.from({ length: 256 * 256 }, (_, i) => value(i % 256, Math.floor(i / 256)));
}

const anyFrame = fc
  .tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }))
  .map(([width, height]) => frameOf(width, height));

/** Discs whose logit falls by `slope` a cell from their rims: smooth, with a clear crossing of 0. */
const discs = fc
  .array(
    fc.record({
      x: fc.integer({ min: -5, max: 260 }),
      y: fc.integer({ min: -5, max: 260 }),
      radius: fc.double({ min: 1.5, max: 30, noNaN: true }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((list) =>
    lowRes((c, r) => Math.max(...list.map(({ x, y, radius }) => radius - Math.hypot(c - x, r - y)))),
  );

describe("upscaleLogits", () => {
  it("keeps constant logits constant", () => {
    fc.assert(
      fc.property(anyFrame, fc.constantFrom(...BOTH), fc.constantFrom(-20, 0, 3.5), (frame, kind, value) => {
        const { data } = upscaleLogits(
          lowRes(() => value),
          frame,
          kind,
        );
        expect(data).toHaveLength(frame.width * frame.height);
        expect(data.every((v) => Math.abs(v - value) < 1e-4)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("gives for a window what it gives there for the whole photo", () => {
    const cut = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(anyFrame, fc.constantFrom(...BOTH), discs, cut, cut, (frame, kind, logits, a, b) => {
        const full = upscaleLogits(logits, frame, kind);
        expect(full).toMatchObject({ x0: 0, y0: 0, x1: frame.width, y1: frame.height });
        const x0 = Math.floor(a * (frame.width - 1));
        const y0 = Math.floor(b * (frame.height - 1));
        const window = { x0, y0, x1: Math.min(frame.width, x0 + 20), y1: frame.height };
        const part = upscaleLogits(logits, frame, kind, window);
        expect(part).toMatchObject(window);
        const width = window.x1 - x0;
        for (let y = y0; y < window.y1; y++) {
          const row = part.data.subarray((y - y0) * width, (y - y0 + 1) * width);
          expect(row).toEqual(full.data.subarray(y * frame.width + x0, y * frame.width + x0 + width));
        }
      }),
      { numRuns: 20 },
    );
  });

  it("cuts the padding off before it resizes to the photo", () => {
    // 128 × 64: the photo sees the rows 0 to 127 only, two to a pixel.
    const { data } = upscaleLogits(
      lowRes((_, r) => (r < 128 ? 1 : 1000)),
      frameOf(128, 64),
      "bilinear",
    );
    expect(Math.max(...data.subarray(0, 63 * 128))).toBe(1);
  });

  it.each(BOTH)("puts a ramp where it belongs, %s", (kind) => {
    // 512 pixels: pixel x has its centre at cell (x + 0.5) / 2 − 0.5. Bicubic bends a ramp by up to a twentieth.
    const { data } = upscaleLogits(
      lowRes((c) => c),
      frameOf(512, 512),
      kind,
    );
    const tolerance = kind === "bilinear" ? 1e-3 : 0.05;
    for (let x = 10; x < 500; x++) {
      expect(Math.abs(data[300 * 512 + x]! - ((x + 0.5) / 2 - 0.5))).toBeLessThan(tolerance);
    }
  });

  it.each(BOTH)("keeps rows and columns apart, %s", (kind) => {
    const { data } = upscaleLogits(
      lowRes((c, r) => 1000 * r + c),
      frameOf(256, 128),
      kind,
    );
    expect(data[60 * 256 + 40]! / (1000 * 60 + 40)).toBeCloseTo(1, 4);
  });

  it("differs between the interpolations only where logits bend", () => {
    const peak = lowRes((c, r) => (c === 100 && r === 100 ? 10 : -10));
    const at = (kind: Interpolation, x: number) =>
      upscaleLogits(peak, frameOf(1024, 1024), kind).data[401 * 1024 + x]!;
    expect(at("bicubic", 394)).toBeLessThan(-10);
    expect(at("bilinear", 394)).toBe(-10);
    expect(at("bicubic", 200)).toBeCloseTo(-10, 4);
  });
});

describe("positiveWindow", () => {
  /** Whether every positive pixel of the photo lies in the window. */
  function covers(logits: Float32Array, frame: Frame, kind: Interpolation): boolean {
    const window = positiveWindow(logits, frame, 0);
    const { data } = upscaleLogits(logits, frame, kind);
    return data.every((v, i) => {
      if (v <= 0) return true;
      const [x, y] = [i % frame.width, Math.floor(i / frame.width)];
      return window !== undefined && x >= window.x0 && x < window.x1 && y >= window.y0 && y < window.y1;
    });
  }

  it("covers two cells around the positive ones, in photo pixels", () => {
    const dot = lowRes((c, r) => (c === 100 && r === 50 ? 1 : -1));
    expect(positiveWindow(dot, frameOf(1024, 1024), 0)).toEqual({ x0: 392, y0: 192, x1: 412, y1: 212 });
    expect(positiveWindow(dot, frameOf(256, 128), 0)).toEqual({ x0: 98, y0: 48, x1: 103, y1: 53 });
  });

  it("spans all positive cells", () => {
    const two = lowRes((c, r) => ((c === 10 && r === 90) || (c === 200 && r === 20) ? 1 : -1));
    expect(positiveWindow(two, frameOf(256, 256), 0)).toEqual({ x0: 8, y0: 18, x1: 203, y1: 93 });
  });

  it("widens by the margin and stays in the photo", () => {
    const dot = lowRes((c, r) => (c === 100 && r === 3 ? 1 : -1));
    expect(positiveWindow(dot, frameOf(256, 128), 10)).toEqual({ x0: 88, y0: 0, x1: 113, y1: 16 });
    expect(
      positiveWindow(
        lowRes(() => 1),
        frameOf(30, 20),
        5,
      ),
    ).toEqual({ x0: 0, y0: 0, x1: 30, y1: 20 });
  });

  it("does not exist where no logit is positive, or only the padding's", () => {
    expect(
      positiveWindow(
        lowRes(() => 0),
        frameOf(100, 100),
        8,
      ),
    ).toBeUndefined();
    const padding = lowRes((_, r) => (r > 140 ? 1 : -1));
    expect(positiveWindow(padding, frameOf(256, 128), 0)).toBeUndefined();
  });

  it.each(BOTH)("holds every positive pixel of smooth logits, %s", (kind) => {
    fc.assert(
      fc.property(anyFrame, discs, (frame, logits) => covers(logits, frame, kind)),
      { numRuns: 25 },
    );
  });

  it("holds every positive pixel of any logits, bilinear", () => {
    const dots = fc
      .array(fc.nat(256 * 256 - 1), { maxLength: 3 })
      .map((list) => Float32Array.from({ length: 256 * 256 }, (_, i) => (list.includes(i) ? 50 : -0.001)));
    fc.assert(
      fc.property(anyFrame, dots, (frame, logits) => covers(logits, frame, "bilinear")),
      { numRuns: 25 },
    );
  });

  it("holds every positive pixel of single cells, bicubic, photos smaller and larger than the frame", () => {
    const frames = [frameOf(1500, 40), frameOf(37, 1200), frameOf(100, 77)];
    for (const frame of frames) {
      for (const [c, r] of [
        [3, 2],
        [128, 4],
        [4, 128],
        [60, 60],
      ] as const) {
        expect(
          covers(
            lowRes((x, y) => (x === c && y === r ? 50 : -0.001)),
            frame,
            "bicubic",
          ),
        ).toBe(true);
      }
    }
  });
});

/** Steep and shallow, with values that overshoot: where skipping by sign could go wrong. */
const roughLogits = fc
  .tuple(
    fc.integer({ min: 1, max: 2 ** 30 }),
    fc.constantFrom(3, 9, 40),
    fc.double({ min: 0.2, max: 12, noNaN: true }),
  )
  .map(([seed, waves, height]) =>
    lowRes((c, r) => {
      const slow = Math.sin((c + (seed % 97)) / waves) * Math.cos((r + (seed % 61)) / waves);
      return height * slow ** 3 + (Math.abs(slow) > 0.7 ? 20 * slow : 0) + 0.05;
    }),
  );

describe("upscaleMask", () => {
  it("is the mask of the positive upscaled logits", () => {
    const logits = fc.oneof(roughLogits, discs);
    fc.assert(
      fc.property(anyFrame, fc.constantFrom(...BOTH), logits, (frame, kind, values) => {
        const { data } = upscaleMask(values, frame, kind);
        const full = upscaleLogits(values, frame, kind).data;
        expect(data.findIndex((v, i) => v !== (full[i]! > 0 ? 1 : 0))).toBe(-1);
      }),
      { numRuns: 60 },
    );
  });

  it("is empty where nothing is positive", () => {
    const none = lowRes(() => -3);
    expect(upscaleMask(none, frameOf(70, 90), "bicubic").data.includes(1)).toBe(false);
  });
});

describe("upscaleEveryNth", () => {
  it("is every n-th of the upscaled logits", () => {
    fc.assert(
      fc.property(
        anyFrame,
        fc.constantFrom(...BOTH),
        discs,
        fc.integer({ min: 1, max: 5 }),
        (frame, kind, values, step) => {
          const window = { x0: 0, y0: 0, x1: frame.width, y1: frame.height };
          const dense = everyNth(upscaleLogits(values, frame, kind, window), step);
          expect(upscaleEveryNth(values, frame, kind, window, step)).toEqual(dense);
        },
      ),
      { numRuns: 30 },
    );
  });
});
