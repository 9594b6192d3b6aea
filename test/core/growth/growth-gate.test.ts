import { describe, expect, it } from "vitest";
import { frameOf } from "../../../src/core/frame.ts";
import { separation } from "../../../src/core/gate/separation.ts";
import { growthGate } from "../../../src/core/growth/growth-gate.ts";
import type { Mask } from "../../../src/core/mask.ts";
import { ascii } from "../../helpers/ascii-mask.ts";
import { embeddingOf, logitsOf, lowResOf } from "./helpers.ts";

const COARSE = ascii`
  ..........
  ..........
  ..##......
  ..##......
  ..##......
  ..##......
  ..........
  ..........
`;
const BEST = ascii`
  ..........
  ..........
  ..###.....
  ..###.....
  ..###.....
  ..###.....
  ..........
  ..........
`;
const OBJECT = ascii`
  ..........
  ..........
  ..######..
  ..######..
  ..######..
  ..######..
  ..........
  ..........
`;
/** As good as the object, without a corner cell of the coarse mask: an eighth of it. */
const CUT = { ...OBJECT, data: OBJECT.data.map((v, i) => (i === 2 * 10 + 2 ? 0 : v)) };

const FRAME = frameOf(64, 64);
const EMBEDDING = embeddingOf(OBJECT);
const COARSE_CONTRAST = 5;
const BEST_CONTRAST = 10;

function gateOf(
  coarseContrast = COARSE_CONTRAST,
  best = BEST,
): (mask: Mask, contrast: number) => number | undefined {
  const competitor = { lowRes: logitsOf(best), contrast: BEST_CONTRAST };
  const gate = growthGate(EMBEDDING, FRAME, lowResOf(COARSE), coarseContrast, competitor);
  return (mask, contrast) => gate({ lowRes: logitsOf(mask), contrast });
}

describe("growthGate", () => {
  it("scores what passes by ln E + e", () => {
    const coverage = new Float32Array(64 * 64);
    for (const [i, v] of OBJECT.data.entries()) coverage[Math.floor(i / 10) * 64 + (i % 10)] = v;
    const e = separation(EMBEDDING, coverage, { columns: 64, rows: 64 });
    expect(gateOf()(OBJECT, 12)).toBeCloseTo(Math.log(12) + e, 6);
  });

  it("asks for 0.86 of the best mask's contrast", () => {
    expect(gateOf()(OBJECT, 8.61)).toBeDefined();
    expect(gateOf()(OBJECT, 8.59)).toBeUndefined();
  });

  it("asks for 1.19 of the coarse mask's contrast", () => {
    expect(gateOf(9)(OBJECT, 10.72)).toBeDefined();
    expect(gateOf(9)(OBJECT, 10.7)).toBeUndefined();
  });

  it("asks to keep 92 % of the coarse mask", () => {
    // Seven of eight cells are 87.5 %; half of the missing cell makes 93.75 %.
    expect(gateOf()(CUT, 12)).toBeUndefined();
    const half = logitsOf(CUT);
    for (let y = 8; y < 12; y++) half.fill(5, y * 256 + 8, y * 256 + 10);
    const best = { lowRes: logitsOf(BEST), contrast: BEST_CONTRAST };
    const gate = growthGate(EMBEDDING, FRAME, lowResOf(COARSE), COARSE_CONTRAST, best);
    expect(gate({ lowRes: half, contrast: 12 })).toBeDefined();
  });

  it("asks for a better separation than the best mask's", () => {
    expect(gateOf(COARSE_CONTRAST, OBJECT)(OBJECT, 12)).toBeUndefined();
    expect(gateOf()(BEST, 12)).toBeUndefined();
  });

  it("lets nothing empty pass", () => {
    expect(gateOf()({ ...OBJECT, data: new Uint8Array(80) }, 0)).toBeUndefined();
  });
});
