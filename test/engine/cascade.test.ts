import { describe, expect, it } from "vitest";
import type { Photo } from "../../src/core/lab.ts";
import type { Mask } from "../../src/core/mask.ts";
import type { Prompts } from "../../src/core/prompts/excavate.ts";
import { type MethodSettings, resolveSettings } from "../../src/core/settings.ts";
import { Cascade, type CascadeResult, type CascadeTask } from "../../src/engine/cascade.ts";
import type { Decoded } from "../../src/engine/decoder.ts";
import { embeddingOf, logitsOf } from "../core/growth/helpers.ts";
import { rectangle } from "../helpers/ascii-mask.ts";

/** One pixel of the photo is one cell of the embedding and 4×4 of the decoder's grid. */
const SIDE = 64;
const OBJECT = rectangle(SIDE, SIDE, [20, 20, 43, 43]);
/** Its left third: what the coarse mask shows. */
const PART = rectangle(SIDE, SIDE, [20, 20, 27, 43]);
/** Ends inside the object on one side, as the coarse mask does, but on a shorter part of its boundary. */
const MORE = rectangle(SIDE, SIDE, [20, 20, 35, 43]);
const EMPTY = rectangle(SIDE, SIDE, [0, 0, -1, -1]);
/** Mostly beside the object. */
const WRONG = rectangle(SIDE, SIDE, [2, 2, 10, 30]);

const PHOTO = photoOf(OBJECT);
const EMBEDDING = embeddingOf(OBJECT);

/** A photo on which a mask is bright. */
function photoOf({ data }: Mask): Photo {
  const shades = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) =>
    data[Math.floor(i / 3)] === 1 ? 230 : 40,
  );
  return { width: SIDE, height: SIDE, data: shades };
}

/** The decoder's answer when all its tokens show one mask. */
function decodedOf(mask: Mask): Decoded {
  const logits = logitsOf(mask);
  const lowRes = new Float32Array(4 * logits.length);
  for (let token = 0; token < 4; token++) lowRes.set(logits, token * logits.length);
  return { lowRes, predictedIoU: Float32Array.of(0.6, 0.7, 0.8, 0.9), features: new Float32Array(256) };
}

interface Run {
  readonly result: CascadeResult;
  readonly asked: readonly Prompts[];
  /** What each decode's prompts came from, and whether its mask was accepted. */
  readonly steps: readonly string[];
}

/** Refines a mask while the decoder gives these answers; the last one repeats. */
function refine(
  coarse: Mask,
  answers: readonly Mask[],
  changes: Partial<MethodSettings> = {},
  explain: boolean | "logits" = false,
  wishes: Pick<CascadeTask, "own" | "taken"> = {},
  photo = PHOTO,
): Run {
  const settings = resolveSettings("default", { edges: "none", ...changes });
  const cascade = new Cascade(
    { photo, embedding: EMBEDDING },
    { mask: coarse, settings, explain, logits: false, ...wishes },
  );
  const asked: Prompts[] = [];
  for (let prompts = cascade.prompts(); prompts !== undefined; prompts = cascade.prompts()) {
    cascade.accept(decodedOf(answers[Math.min(asked.length, answers.length - 1)]!));
    asked.push(prompts);
  }
  const result = cascade.finish();
  const steps = result.iterations.map(({ source, accepted }) => `${source}${accepted ? " accepted" : ""}`);
  return { result, asked, steps };
}

/** The refined mask's values; `undefined` when the coarse mask was kept. */
function refinedPixels({ result }: Run): number[] | undefined {
  return result.refined && [...result.refined.mask];
}

describe("Cascade", () => {
  it("takes a mask that separates colours better, and its prompts from there on", () => {
    const run = refine(PART, [OBJECT], { growth: "none" });
    expect(run.steps).toEqual(["coarse accepted", "best"]);
    expect(run.asked.map(({ tightBox }) => tightBox)).toEqual([
      [20, 20, 27, 43],
      [20, 20, 43, 43],
    ]);
    expect(refinedPixels(run)).toEqual([...OBJECT.data]);
    expect(run.result).toMatchObject({ verdict: "refined", refinedArea: 576, coarseIoU: 1 / 3 });
  });

  it("goes on as long as masks get better, and asks twice for the coarse mask", () => {
    const [wide, wider] = [rectangle(SIDE, SIDE, [19, 20, 43, 43]), rectangle(SIDE, SIDE, [14, 20, 43, 43])];
    const changes = { growth: "none", iterations: 5, stepGain: 1 } as const;
    expect(refine(wider, [wide, OBJECT], changes).steps).toEqual([
      "coarse accepted",
      "best accepted",
      "best",
    ]);
    expect(refine(wider, [WRONG, OBJECT], changes).steps).toEqual(["coarse", "coarse accepted", "best"]);
    expect(refine(wider, [WRONG], changes).steps).toEqual(["coarse", "coarse"]);
  });

  it("widens the box a little in every iteration", () => {
    const { asked } = refine(OBJECT, [OBJECT], { growth: "none", gate: "none" });
    expect(asked.map(({ box }) => box![0])).toEqual([20, 20 - 0.05 * 23, 20 - 0.1 * 23]);
  });

  it("keeps the coarse mask when no candidate separates colours better", () => {
    const { result, steps } = refine(OBJECT, [WRONG]);
    expect(steps).toEqual(["coarse", "coarse"]);
    expect(result).toMatchObject({ verdict: "kept", refinedArea: 576, coarseIoU: 1 });
    expect(result.refined).toBeUndefined();
    expect(result.reason).toMatch(/no candidate separates colours better/);
  });

  it("asks a later candidate, but not the first one, for a least gain in contrast", () => {
    const [wide, wider] = [rectangle(SIDE, SIDE, [19, 20, 43, 43]), rectangle(SIDE, SIDE, [14, 20, 43, 43])];
    const answers = [wide, OBJECT];
    expect(refine(wider, answers, { growth: "none", stepGain: 1 }).steps).toEqual([
      "coarse accepted",
      "best accepted",
      "best",
    ]);
    expect(refine(wider, answers, { growth: "none", stepGain: 2 }).steps).toEqual([
      "coarse accepted",
      "best",
    ]);
  });

  it("asks the final mask for ρ times the coarse mask's contrast", () => {
    expect(refine(PART, [MORE], { growth: "none", strictness: 1 }).result.verdict).toBe("refined");
    const { result, steps } = refine(PART, [MORE], { growth: "none", strictness: 3 });
    expect(steps[0]).toBe("coarse accepted");
    expect(result.verdict).toBe("kept");
  });

  it("refuses what differs from the coarse mask both ways, however well it separates colours", () => {
    const beside = rectangle(SIDE, SIDE, [26, 20, 49, 43]);
    const { result, steps } = refine(beside, [OBJECT], { growth: "none" });
    expect(steps).toEqual(["coarse", "coarse"]);
    expect(result.verdict).toBe("kept");
    expect(refine(beside, [OBJECT], { growth: "none", overlap: 0.75 }).result.verdict).toBe("refined");
    expect(refine(beside, [OBJECT], { growth: "none", overlap: 0.76 }).result.verdict).toBe("kept");
  });

  it("believes embeddings where the coarse mask follows other edges of the photo", () => {
    const spilled = rectangle(SIDE, SIDE, [16, 20, 43, 43]);
    const photo = photoOf(spilled);
    const changes = { growth: "none" } as const;
    const run = refine(spilled, [OBJECT], changes, false, {}, photo);
    expect(run.steps).toEqual(["coarse accepted", "best"]);
    expect(refinedPixels(run)).toEqual([...OBJECT.data]);
    const colours = refine(spilled, [OBJECT], { ...changes, witness: "none" }, false, {}, photo);
    expect(colours.steps).toEqual(["coarse", "coarse"]);
    expect(colours.result.verdict).toBe("kept");
  });

  it("accepts everything that is not empty without the gate", () => {
    const run = refine(OBJECT, [WRONG, EMPTY], { gate: "none", iterations: 2 });
    expect(run.steps).toEqual(["coarse accepted", "best"]);
    expect(refinedPixels(run)).toEqual([...WRONG.data]);
    expect(run.result.iterations[0]).not.toHaveProperty("contrast");
    expect(refine(OBJECT, [EMPTY], { gate: "none" }).result).toMatchObject({
      verdict: "kept",
      reason: "SAM found no object",
    });
  });

  it("feeds the accepted logits back where asked to", () => {
    const { asked } = refine(PART, [OBJECT], { growth: "none", feedLogits: true });
    expect(asked[0]?.maskLogits).not.toEqual(logitsOf(OBJECT));
    expect(asked[1]?.maskLogits).toEqual(logitsOf(OBJECT));
  });

  it.each([
    ["empty", EMPTY, "the mask is empty"],
    ["full", rectangle(SIDE, SIDE, [0, 0, SIDE - 1, SIDE - 1]), "the mask covers the whole photo"],
  ])("leaves an %s mask unchanged without a decode", (_, mask, reason) => {
    const { result, asked } = refine(mask, [OBJECT]);
    expect(asked).toEqual([]);
    expect(result).toMatchObject({ verdict: "unchanged", reason, coarseIoU: 1, iterations: [] });
  });

  it("does not finish before its decodes are done", () => {
    const task = { mask: PART, settings: resolveSettings("fast"), explain: false, logits: false };
    const cascade = new Cascade({ photo: PHOTO, embedding: EMBEDDING }, task);
    expect(() => cascade.finish()).toThrow(/decodes left/);
    expect(cascade.prompts()).toBe(cascade.prompts());
    expect(() => cascade.finish()).toThrow(/decodes left/);
    cascade.accept(decodedOf(OBJECT));
    expect(cascade.finish().verdict).toBe("refined");
  });

  it("keeps masks and mask prompts for explanations only", () => {
    const light = refine(PART, [OBJECT], { growth: "none" }).result.iterations[1]!;
    expect(light).not.toHaveProperty("sourceMask");
    expect(light.prompts).not.toHaveProperty("maskLogits");
    expect(light.candidates[0]).not.toHaveProperty("mask");
    const [first, second] = refine(PART, [OBJECT], { growth: "none" }, true).result.iterations;
    expect(first?.sourceMask).toEqual(PART);
    expect(second?.sourceMask).toEqual(OBJECT);
    expect(second?.prompts.maskLogits).toHaveLength(65_536);
    expect(second?.candidates[0]?.mask).toEqual(OBJECT);
  });

  it("keeps for later explanations what they can be made from", () => {
    const { iterations } = refine(PART, [MORE, MORE, OBJECT], {}, "logits").result;
    expect(iterations.map((one) => [one.source, "sourceMask" in one])).toEqual([
      ["coarse", false],
      ["best", false],
      ["grown", true],
      ["previous", false],
      ["grown", true],
      ["previous", false],
    ]);
    for (const { prompts, candidates } of iterations) {
      expect(prompts.maskLogits).toHaveLength(65_536);
      expect(candidates[0]).not.toHaveProperty("mask");
    }
    expect(iterations[0]?.candidates[1]?.lowRes).toEqual(logitsOf(MORE));
  });
});

describe("what a person decides", () => {
  const inside = { x: 24, y: 30, positive: true };
  const outside = { x: 36, y: 30, positive: true };
  /** Beside the object, and SAM's answer to a point in it. */
  const other = { x: 56, y: 56, positive: true };
  const PATCH = rectangle(SIDE, SIDE, [52, 52, 60, 60]);

  it("goes into the prompts of every iteration", () => {
    const { asked } = refine(PART, [MORE], {}, false, { own: { points: [inside], box: [1, 2, 60, 61] } });
    expect(asked).toHaveLength(3);
    for (const { own, box } of asked) expect({ own, box }).toEqual({ own: [inside], box: [1, 2, 60, 61] });
  });

  it("is not held against colours", () => {
    const run = refine(OBJECT, [WRONG], {}, false, { own: { points: [inside] } });
    expect(run.steps).toEqual(["coarse accepted", "best accepted", "best accepted"]);
    expect(run.result.verdict).toBe("refined");
    expect(refinedPixels(run)).toEqual([...WRONG.data]);
  });

  it("adds the object of a positive point outside of the mask before prompts are excavated", () => {
    const run = refine(PART, [PATCH, MORE], {}, true, { own: { points: [other] } });
    expect(run.asked[0]).toEqual({ tightBox: [56, 56, 56, 56], own: [other] });
    expect(run.steps).toEqual(["grown accepted", "best accepted", "best accepted"]);
    const both = PART.data.map((v, i) => v | PATCH.data[i]!);
    expect(run.result.iterations[0]?.sourceMask?.data).toEqual(both);
    expect(run.asked[1]?.tightBox).toEqual([20, 20, 60, 60]);
  });

  it("leaves the mask as it is where SAM sees no object at a positive point", () => {
    const run = refine(PART, [WRONG, MORE], {}, false, { own: { points: [other] } });
    expect(run.asked).toHaveLength(4);
    expect(run.steps[0]).toBe("coarse accepted");
  });

  it("takes away the object of a negative point, but not what is to stay", () => {
    const points = [{ x: 24, y: 40, positive: false }];
    const corner = rectangle(SIDE, SIDE, [20, 36, 27, 43]);
    const run = refine(PART, [corner, MORE], {}, true, { own: { points } });
    expect(run.asked[0]?.own?.map(({ positive }) => positive)).toEqual([true, false]);
    const rest = PART.data.map((v, i) => v & (1 - corner.data[i]!));
    expect(run.result.iterations[0]?.sourceMask?.data).toEqual(rest);
    expect(refine(PART, [OBJECT], {}, false, { own: { points } }).steps[0]).toBe("coarse accepted");
  });

  it("counts only what lies in an own box, or SAM's object in it", () => {
    const cut = refine(OBJECT, [MORE], {}, true, { own: { box: [20, 20, 30, 43] } });
    expect(cut.result.iterations[0]?.sourceMask).toEqual(rectangle(SIDE, SIDE, [20, 20, 30, 43]));
    const apart = refine(PART, [PATCH, MORE], {}, true, { own: { box: [50, 50, 62, 62] } });
    expect(apart.asked[0]).toMatchObject({ box: [50, 50, 62, 62], own: [] });
    expect(apart.result.iterations[0]?.sourceMask).toEqual(PATCH);
  });

  it("prefers candidates that agree with own points", () => {
    const run = refine(PART, [PATCH], { iterations: 1 }, false, { own: { points: [outside] } });
    const cascade = new Cascade(
      { photo: PHOTO, embedding: EMBEDDING },
      {
        ...{ mask: OBJECT, explain: false, logits: false, own: { points: [outside] } },
        settings: resolveSettings("default", { edges: "none", iterations: 1 }),
      },
    );
    cascade.prompts();
    const decoded = decodedOf(PART);
    decoded.lowRes.set(
      logitsOf(OBJECT).map((v) => v / 8),
      2 * 65_536,
    );
    cascade.accept(decoded);
    expect(cascade.finish().iterations[0]?.candidates.map(({ chosen }) => chosen)).toEqual([
      false,
      true,
      false,
    ]);
    expect(run.result.iterations[0]?.candidates[0]?.chosen).toBe(true);
  });

  it("opens a mask that covers the whole photo, but not an empty one", () => {
    const full = rectangle(SIDE, SIDE, [0, 0, SIDE - 1, SIDE - 1]);
    expect(refine(full, [OBJECT], {}, false, { own: { points: [inside] } }).result.verdict).toBe("refined");
    const none = refine(EMPTY, [OBJECT], {}, false, { own: { points: [inside] } });
    expect([none.result.verdict, none.asked]).toEqual(["unchanged", []]);
  });

  it("takes chosen logits without a decode", () => {
    const run = refine(PART, [EMPTY], {}, false, { taken: logitsOf(WRONG) });
    expect(run.asked).toEqual([]);
    expect(refinedPixels(run)).toEqual([...WRONG.data]);
    expect(run.result).toMatchObject({ verdict: "refined", iterations: [] });
  });
});

describe("growth", () => {
  const CASCADE = ["coarse accepted", "best"];

  it("is tried only when asked for", () => {
    expect(refine(PART, [MORE], { growth: "none" }).steps).toEqual(CASCADE);
    expect(refine(PART, [MORE], { growth: "all" }).steps.slice(2)).not.toEqual([]);
  });

  it("takes the larger mask that keeps the coarse one and separates better, with four more decodes at most", () => {
    const run = refine(PART, [MORE, MORE, OBJECT]);
    expect(run.steps).toEqual([...CASCADE, "grown", "previous accepted", "grown", "previous"]);
    expect(refinedPixels(run)).toEqual([...OBJECT.data]);
  });

  it("takes the better one of two rounds", () => {
    const nearly = rectangle(SIDE, SIDE, [20, 20, 42, 43]);
    const run = refine(PART, [MORE, MORE, nearly, nearly, OBJECT]);
    expect(run.steps).toEqual([...CASCADE, "grown", "previous", "grown", "previous accepted"]);
    expect(refinedPixels(run)).toEqual([...OBJECT.data]);
    const reverse = refine(PART, [MORE, MORE, OBJECT, OBJECT, nearly]);
    expect(refinedPixels(reverse)).toEqual([...OBJECT.data]);
  });

  it("starts with the coarse mask and its stuff, then with the outcome of the first decode", () => {
    const { iterations } = refine(PART, [MORE, MORE, OBJECT], {}, true).result;
    const grown = iterations[2]!.sourceMask!;
    expect(grown.data.every((v, i) => v >= PART.data[i]! && v <= OBJECT.data[i]!)).toBe(true);
    expect(grown.data).not.toEqual(PART.data);
    expect(iterations[3]?.sourceMask).toEqual(OBJECT);
    expect(iterations.slice(2).map(({ prompts }) => prompts.box![0] < prompts.tightBox[0])).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it("leaves the best mask where no larger one passes its gate", () => {
    const run = refine(PART, [MORE, MORE, WRONG]);
    expect(run.steps.slice(0, 4)).toEqual([...CASCADE, "grown", "previous"]);
    expect(run.steps.filter((step) => step.includes("accepted"))).toHaveLength(1);
    expect(refinedPixels(run)).toEqual([...MORE.data]);
  });

  it("is not tried where the cascade kept the coarse mask or agrees with it", () => {
    expect(refine(PART, [WRONG, WRONG, OBJECT]).steps).toHaveLength(2);
    const almost = rectangle(SIDE, SIDE, [20, 20, 42, 43]);
    expect(refine(almost, [OBJECT]).steps).toEqual(CASCADE);
  });

  it("is not tried without the gate: nothing would hold it back", () => {
    expect(refine(PART, [MORE, MORE, MORE, OBJECT], { gate: "none" }).steps).toHaveLength(3);
  });

  it("stops where SAM makes nothing of a grown mask", () => {
    const run = refine(PART, [MORE, MORE, EMPTY]);
    expect(run.steps).toEqual([...CASCADE, "grown"]);
    expect(refinedPixels(run)).toEqual([...MORE.data]);
  });

  it("stops where SAM makes the same object of a grown mask, with one more decode", () => {
    const again = rectangle(SIDE, SIDE, [20, 20, 36, 43]);
    const run = refine(PART, [MORE, MORE, again, OBJECT]);
    expect(run.steps).toEqual([...CASCADE, "grown"]);
    expect(refinedPixels(run)).toEqual([...MORE.data]);
  });

  it("stops where the first round ends with nothing", () => {
    const run = refine(PART, [MORE, MORE, OBJECT, EMPTY]);
    expect(run.steps).toEqual([...CASCADE, "grown", "previous"]);
    expect(refinedPixels(run)).toEqual([...MORE.data]);
  });
});
