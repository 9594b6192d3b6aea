/** What is worked out from a coarse mask once. */
import { expect, it } from "vitest";
import { boundaryContrast } from "../../src/core/boundary-contrast.ts";
import { contrastView } from "../../src/core/contrast-view.ts";
import { frameOf } from "../../src/core/frame.ts";
import { lookalikes } from "../../src/core/growth/lookalikes.ts";
import { maskBox } from "../../src/core/mask.ts";
import { lowResMask } from "../../src/core/prompts/gaussian-mask.ts";
import { coarseFacts } from "../../src/engine/coarse-facts.ts";
import { embeddingOf } from "../core/growth/helpers.ts";
import { rectangle } from "../helpers/ascii-mask.ts";

const SIDE = 64;
const object = rectangle(SIDE, SIDE, [20, 20, 43, 43]);
const part = rectangle(SIDE, SIDE, [20, 20, 27, 43]);
const embedding = embeddingOf(object);
const photoOf = (bright: number) => ({
  width: SIDE,
  height: SIDE,
  data: Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) =>
    object.data[Math.floor(i / 3)] === 1 ? bright : 40,
  ),
});

it("is what a refinement would work out, and kept for the same mask", () => {
  const ground = { photo: photoOf(230), embedding };
  const facts = coarseFacts(ground, part);
  const frame = frameOf(SIDE, SIDE);
  const view = contrastView(ground.photo, maskBox(part)!);
  const lowRes = lowResMask(part, frame);
  expect(facts.view).toEqual(view);
  expect(facts.contrast).toBe(boundaryContrast(view, part));
  expect(facts.lowRes).toEqual(lowRes);
  expect(facts.lookalikes).toEqual(lookalikes(embedding, lowRes, lowRes, frame));
  expect(coarseFacts({ ...ground }, part)).toBe(facts);
});

it("is worked out anew for another photo, embedding or mask", () => {
  const ground = { photo: photoOf(230), embedding };
  const bright = coarseFacts(ground, part).contrast;
  expect(coarseFacts({ ...ground, photo: photoOf(60) }, part).contrast).toBeLessThan(bright);
  const facts = coarseFacts(ground, part);
  expect(coarseFacts({ ...ground, embedding: embedding.slice() }, part)).not.toBe(facts);
  expect(coarseFacts(ground, { ...part })).not.toBe(coarseFacts(ground, part));
});
