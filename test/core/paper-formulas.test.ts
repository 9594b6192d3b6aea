/**
 * The formulas of "SAMRefiner: Taming Segment Anything Model for Universal Mask Refinement" (ICLR 2025), each on
 * a mask that can be checked by hand, through the `paper` preset.
 */
import { describe, expect, it } from "vitest";
import { type Frame, frameOf } from "../../src/core/frame.ts";
import { type Mask, maskArea } from "../../src/core/mask.ts";
import { excavate, type Prompts } from "../../src/core/prompts/excavate.ts";
import { resolveSettings } from "../../src/core/settings.ts";
import { splitClass } from "../../src/core/split-then-merge.ts";
import { ascii, draw, placed, rectangle } from "../helpers/ascii-mask.ts";

const PAPER = resolveSettings("paper");

type Embedding = (column: number, row: number) => readonly number[];

/** An image embedding that uses only its first few channels. */
function embedding(of: Embedding): Float32Array {
  const data = new Float32Array(256 * 64 * 64);
  for (let cell = 0; cell < 64 * 64; cell++) {
    of(cell % 64, Math.floor(cell / 64)).forEach((value, k) => {
      data[k * 64 * 64 + cell] = value;
    });
  }
  return data;
}

/** Nothing resembles anything: boxes stay tight. */
const NOTHING = embedding(() => []);

function promptsOf(mask: Mask, features: Float32Array = NOTHING): Prompts {
  return excavate(mask, features, frameOf(mask.width, mask.height), PAPER);
}

describe("Section 3.2, points", () => {
  it("positive: the foreground pixel with the largest Euclidean distance to the background", () => {
    const mask = ascii`
      ..........
      .####.....
      ....#.....
      ...###....
      ..#####...
      ...###....
      ....#.....
      ..........
    `;
    // √5 from the background at (3, 2); every other pixel has some within √2.
    expect(promptsOf(mask).positive).toEqual({ x: 4, y: 4 });
  });

  it("positive: ties go to the first in row-major order, the photo's border is not background", () => {
    const mask = ascii`
      #####.
      #####.
      #####.
      ......
    `;
    // (0, 0) is 3 from the row below; so are (1, 0) and (2, 0).
    expect(promptsOf(mask).positive).toEqual({ x: 0, y: 0 });
  });

  it("negative: the background pixel in the tight box farthest from the foreground", () => {
    const mask = ascii`
      .........
      .######..
      .#.......
      .#.......
      .#.......
      .#.......
      .#.......
      .........
    `;
    expect(promptsOf(mask).negative).toEqual({ x: 6, y: 6 });
  });

  it("negative: none where the mask fills its box", () => {
    const mask = ascii`
      .....
      .###.
      .###.
    `;
    expect(promptsOf(mask)).not.toHaveProperty("negative");
  });
});

describe("Section 3.2, box (CEBox)", () => {
  /** Ten pixels wide and high in a photo of 64 × 64, where each pixel is one cell of the embedding. */
  const object = rectangle(64, 64, [20, 20, 29, 29]);
  const boxWith = (features: Embedding) => promptsOf(object, embedding(features)).box;
  const inObject = (c: number, r: number) => c >= 20 && c <= 29 && r >= 20 && r <= 29;

  it("is tight, both ends inclusive, where the surroundings differ", () => {
    expect(boxWith((c, r) => (inObject(c, r) ? [1, 0] : [0, 1]))).toEqual([20, 20, 29, 29]);
  });

  it("enlarges a side by 10 % in each of several rounds while the added strip resembles the object", () => {
    // The object goes on for three pixels to the right, then two rows down along the whole new width.
    const like = (c: number, r: number) =>
      (c >= 20 && c <= 32 && r >= 20 && r <= 29) || (c >= 20 && c <= 32 && r >= 30 && r <= 31);
    expect(boxWith((c, r) => (like(c, r) ? [1, 0] : [0, 1]))).toEqual([20, 20, 32, 31]);
  });

  it("keeps the larger box only if more than λ = 0.1 of the strip is similar", () => {
    const beside = (pixels: number) => (c: number, r: number) => c === 30 && r >= 20 && r < 20 + pixels;
    const box = (pixels: number) =>
      boxWith((c, r) => (inObject(c, r) || beside(pixels)(c, r) ? [1, 0] : [0, 1]));
    expect(box(1)).toEqual([20, 20, 29, 29]); // 1 of 10
    expect(box(2)).toEqual([20, 20, 30, 29]); // 2 of 10
  });

  it("clamps to the photo", () => {
    const corner = rectangle(64, 64, [0, 55, 61, 62]);
    expect(
      promptsOf(
        corner,
        embedding(() => [1]),
      ).box,
    ).toEqual([0, 50, 63, 63]);
  });
});

/**
 * The box of 10 × 10 at (20, 20) after five rounds in which every side grows by a rounded 10 %: 1, 1, 1, 2 and 2
 * pixels to the left and up (sides of 10, 12, 14, 17, 21), 1, 1, 2, 2 and 2 to the right and down (11, 13, 15, 19, 23).
 */
const FIVE_ROUNDS = [13, 13, 37, 37];

describe("Eq. 1: the query is the mean embedding over the mask resized (nearest) to the embedding grid", () => {
  const object = rectangle(64, 64, [20, 20, 29, 29]);

  it("averages the object's cells", () => {
    // `share` columns of the object are (1, 0), the others (0, 1); all around is (1, 0).
    const box = (share: number) =>
      promptsOf(
        object,
        embedding((c, r) => (c >= 20 + share && c <= 29 && r >= 20 && r <= 29 ? [0, 1] : [1, 0])),
      ).box;
    // Query (0.3, 0.7): its cosine with (1, 0) is 0.39. Query (0.4, 0.6): 0.55.
    expect(box(3)).toEqual([20, 20, 29, 29]);
    expect(box(4)).toEqual(FIVE_ROUNDS);
  });

  it("has none for a mask that is lost in the resize: the box stays tight", () => {
    // 128 pixels: the grid reads the even ones.
    const odd = placed(ascii`#`, 128, 128, 41, 41);
    const even = placed(ascii`#`, 128, 128, 40, 40);
    const alike = embedding(() => [1]);
    expect(promptsOf(odd, alike).box).toEqual([41, 41, 41, 41]);
    expect(promptsOf(even, alike).box).not.toEqual([40, 40, 40, 40]);
  });
});

describe("Eq. 2: a pixel is similar where the cosine of query and resized embedding is at least 0.5", () => {
  const object = rectangle(64, 64, [20, 20, 29, 29]);
  const boxWith = (around: readonly number[]) =>
    promptsOf(
      object,
      embedding((c, r) => (c >= 20 && c <= 29 && r >= 20 && r <= 29 ? [2, 0] : around)),
    ).box;

  it.each([
    ["0.6", [3, 4]],
    ["0.5, exactly", [1, 1, 1, 1]],
  ])("similar: %s", (_, around) => {
    expect(boxWith(around)).toEqual(FIVE_ROUNDS);
  });

  it.each([
    ["0.38", [5, 12]],
    ["0.49", [0.98, 1, 1, 1]],
    ["−1", [-1, 0]],
  ])("not similar: %s", (_, around) => {
    expect(boxWith(around)).toEqual([20, 20, 29, 29]);
  });
});

describe("Eq. 3: GM(x, y) = ω·exp(−((x − x0)² + (y − y0)²) / (|M|·γ)), ω = 15, γ = 4", () => {
  const mask = ascii`
    ................
    ................
    ...#####........
    ..#######.......
    ..#######.......
    ..#######.......
    ..#######.......
    ..#######.......
    ...#####........
    ................
    ................
    ................
  `;
  const frame: Frame = frameOf(16, 12);
  const prompts = promptsOf(mask);
  const logits = prompts.maskLogits!;

  /** Eq. 3 as printed; −ω on the background. */
  function gm(x: number, y: number): number {
    if (mask.data[y * 16 + x] === 0) return -15;
    return 15 * Math.exp(-((x - 5) ** 2 + (y - 5) ** 2) / (maskArea(mask) * 4));
  }

  /** A field of the photo's pixels, interpolated bilinearly. */
  function interpolated(field: (x: number, y: number) => number, u: number, v: number): number {
    const x = Math.min(14, Math.max(0, Math.floor(u)));
    const y = Math.min(10, Math.max(0, Math.floor(v)));
    const fx = Math.min(1, Math.max(0, u - x));
    const fy = Math.min(1, Math.max(0, v - y));
    const top = field(x, y) * (1 - fx) + field(x + 1, y) * fx;
    return top * (1 - fy) + (field(x, y + 1) * (1 - fx) + field(x + 1, y + 1) * fx) * fy;
  }

  it("is centred on the positive point, with |M| the foreground's area", () => {
    expect(prompts.positive).toEqual({ x: 5, y: 5 });
    expect(maskArea(mask)).toBe(45);
  });

  it("holds on the grid of 256 × 256 that covers the encoder's frame of 1024", () => {
    expect([frame.scaledWidth, frame.scaledHeight]).toEqual([1024, 768]);
    // A pixel of the photo is 16 cells wide; cell c has its centre at (c + 0.5) / 16 − 0.5.
    for (let r = 0; r < 192; r++) {
      for (let c = 0; c < 256; c++) {
        const expected = interpolated(gm, (c + 0.5) / 16 - 0.5, (r + 0.5) / 16 - 0.5);
        expect(Math.abs(logits[r * 256 + c]! - expected)).toBeLessThan(1e-4);
      }
    }
  });

  it("is −ω on the padding", () => {
    expect(logits.subarray(192 * 256).every((v) => v === -15)).toBe(true);
  });

  it("reaches ω at the positive point and −ω on the background", () => {
    const at = (x: number, y: number) => logits[(16 * y + 8) * 256 + 16 * x + 8];
    expect(at(5, 5)).toBeCloseTo(15, 1);
    expect(at(0, 0)).toBe(-15);
    expect(at(14, 10)).toBe(-15);
    // At the object's left border, 3 pixels from the centre: 15·exp(−9 / 180).
    expect(interpolated(gm, 2, 5)).toBeCloseTo(14.27, 2);
  });
});

describe("Algorithm 1: split, then merge", () => {
  const semantic = resolveSettings("paper");
  const regions = (mask: Mask) => splitClass(mask, semantic).regions.map(draw);

  it("splits a class into 8-connected regions", () => {
    const mask = ascii`
      #.......#
      .#.....#.
    `;
    expect(regions(mask)).toEqual(["#........\n.#.......", "........#\n.......#."]);
  });

  it("merges i and j if their boxes and their masks each fill more than μ = 0.5 of the joint box", () => {
    expect(regions(ascii`##.##`)).toEqual(["##.##"]); // 4 of 5
    expect(regions(ascii`##....##`)).toEqual(["##......", "......##"]); // 4 of 8
    const hooks = ascii`
      ####.
      #...#
      #...#
      #.###
    `;
    // Boxes 16 + 9 of 20, masks 7 + 5 of 20.
    expect(regions(hooks)).toHaveLength(1);
    const thin = ascii`
      #####.
      #.....
      #....#
      #....#
      #..###
    `;
    // Boxes 25 + 9 of 30, masks 9 + 5 of 30.
    expect(regions(thin)).toHaveLength(2);
  });

  it("goes on with the merged region's box and area", () => {
    expect(regions(ascii`##.##.##`)).toEqual(["##.##.##"]); // 4 of 5, then 6 of 8
  });
});
