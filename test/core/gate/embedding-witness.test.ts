import { describe, expect, it } from "vitest";
import { frameOf } from "../../../src/core/frame.ts";
import { embeddingWitness } from "../../../src/core/gate/embedding-witness.ts";
import type { Box, Mask } from "../../../src/core/mask.ts";
import { rectangle } from "../../helpers/ascii-mask.ts";
import { embeddingOf, logitsOf, lowResOf } from "../growth/helpers.ts";

const SIDE = 64;
const mask = (...box: Box): Mask => rectangle(SIDE, SIDE, box);
const OBJECT = mask(20, 20, 43, 43);
/** Spills over on one side. */
const SPILLED = mask(16, 20, 43, 43);
const EMBEDDING = embeddingOf(OBJECT);
const FRAME = frameOf(1024, 1024);

function speaksFor(candidate: Mask, coarse: Mask, stability = 0.95): boolean {
  return embeddingWitness(EMBEDDING, FRAME, lowResOf(coarse))({ lowRes: logitsOf(candidate), stability });
}

describe("embeddingWitness", () => {
  it("speaks for what separates embeddings better than the coarse mask", () => {
    expect(speaksFor(OBJECT, SPILLED)).toBe(true);
  });

  it("says nothing for the coarse mask itself, or for what separates them less", () => {
    expect(speaksFor(SPILLED, SPILLED)).toBe(false);
    expect(speaksFor(SPILLED, OBJECT)).toBe(false);
  });

  it("says nothing for a mask whose outline moves with the threshold", () => {
    expect(speaksFor(OBJECT, SPILLED, 0.9)).toBe(true);
    expect(speaksFor(OBJECT, SPILLED, 0.89)).toBe(false);
  });

  it("says nothing for a mask that leaves little of the coarse one", () => {
    // 24 of 34 columns are 71 %, 24 of 35 are 69 %.
    expect(speaksFor(OBJECT, mask(10, 20, 43, 43))).toBe(true);
    expect(speaksFor(OBJECT, mask(9, 20, 43, 43))).toBe(false);
  });

  it("says nothing for a candidate or a coarse mask without an inside", () => {
    expect(speaksFor(mask(0, 0, -1, -1), SPILLED)).toBe(false);
    expect(speaksFor(OBJECT, mask(0, 0, -1, -1))).toBe(false);
  });
});
