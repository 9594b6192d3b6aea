/** Other methods in the cascade: what they ask SAM, what comes out, and the gate they share. */
import { describe, expect, it } from "vitest";
import type { Mask } from "../../../src/core/mask.ts";
import { maskIoU } from "../../../src/core/metrics/mask-iou.ts";
import type { Prompts } from "../../../src/core/prompts/excavate.ts";
import { type MethodSettings, resolveSettings } from "../../../src/core/settings.ts";
import { baselineSettings } from "../../../src/engine/baselines/baseline-settings.ts";
import { encodeFor } from "../../../src/engine/baselines/encode-for.ts";
import { Cascade, type CascadeResult, type CascadeTask } from "../../../src/engine/cascade.ts";
import type { Decoded } from "../../../src/engine/decoder.ts";
import { logitsOf } from "../../core/growth/helpers.ts";
import { rectangle } from "../../helpers/ascii-mask.ts";

/** One pixel of the photo is one cell of the embedding and 4×4 of the decoder's grid; one grid point in 2×2 pixels. */
const SIDE = 64;
const OBJECT = rectangle(SIDE, SIDE, [20, 20, 43, 43]);
/** The object, shifted. */
const COARSE = rectangle(SIDE, SIDE, [24, 22, 47, 45]);
const PHOTO = photoOf(OBJECT);

function photoOf(object: Mask): { width: number; height: number; data: Uint8Array } {
  const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) =>
    object.data[Math.floor(i / 3)] === 1 ? 230 : 40,
  );
  return { width: SIDE, height: SIDE, data };
}

/** A decoder's answer: what its tokens 1 to 3 show, and how sure it is of each. */
function answer(masks: readonly [Mask, Mask, Mask], predicted = [0.9, 0.9, 0.9]): Decoded {
  const logits = masks.map(logitsOf);
  const lowRes = new Float32Array(4 * logits[0]!.length);
  for (const [i, values] of logits.entries()) lowRes.set(values, (i + 1) * values.length);
  return { lowRes, predictedIoU: Float32Array.of(0, ...predicted), features: new Float32Array(256) };
}

const NOWHERE = rectangle(SIDE, SIDE, [0, 0, 2, 2]);

interface Run {
  readonly result: CascadeResult;
  readonly asked: readonly Prompts[];
}

function refine(
  coarse: Mask,
  decode: (prompts: Prompts) => Decoded,
  changes: Partial<MethodSettings>,
  wishes: Partial<CascadeTask> = {},
): Run {
  const settings = resolveSettings("default", { overlap: 0, ...changes });
  const task = { mask: coarse, settings, explain: false, logits: false, ...wishes };
  // No baseline looks at the embedding.
  const cascade = new Cascade({ photo: PHOTO, embedding: new Float32Array(0) }, task);
  const asked: Prompts[] = [];
  for (let prompts = cascade.prompts(); prompts !== undefined; prompts = cascade.prompts()) {
    asked.push(prompts);
    cascade.accept(decode(prompts));
  }
  return { result: cascade.finish(), asked };
}

/** The refined mask on the photo. */
function pixels({ refined }: CascadeResult): Uint8Array {
  const out = new Uint8Array(SIDE * SIDE);
  const { x0, y0, x1, y1, mask } = refined!;
  for (let y = y0; y < y1; y++)
    out.set(mask.subarray((y - y0) * (x1 - x0), (y - y0 + 1) * (x1 - x0)), y * SIDE + x0);
  return out;
}

const never = (): Decoded => {
  throw new Error("SAM was asked");
};

describe("crf", () => {
  it("finds the object's colours without SAM", () => {
    const { result } = refine(COARSE, never, { method: "crf" });
    // It rounds corners off.
    expect(maskIoU({ ...OBJECT, data: pixels(result) }, OBJECT)).toBeGreaterThan(0.98);
    expect(result).toMatchObject({ verdict: "refined", iterations: [] });
    expect(result.refined).not.toHaveProperty("logits");
  });

  it("gives log-odds where regions are pasted together", () => {
    const { refined } = refine(COARSE, never, { method: "crf" }, { logits: true }).result;
    expect(refined!.mask).toEqual(Uint8Array.from(refined!.logits!, (v) => (v > 0 ? 1 : 0)));
  });

  it("passes the gate of the preset, or none", () => {
    // All of the object is there already: nothing to gain.
    expect(refine(OBJECT, never, { method: "crf" }).result).toMatchObject({
      verdict: "kept",
      reason: expect.stringContaining("no candidate separates colours better"),
    });
    expect(refine(OBJECT, never, { method: "crf", gate: "none" }).result.verdict).toBe("refined");
    expect(refine(COARSE, never, { method: "crf", strictness: 90 }).result.verdict).toBe("kept");
  });

  it("keeps a mask of which the CRF leaves nothing", () => {
    const speck = rectangle(SIDE, SIDE, [5, 5, 5, 5]);
    expect(refine(speck, never, { method: "crf", gate: "none" }).result).toMatchObject({
      verdict: "kept",
      reason: "the CRF leaves no pixel of it",
      refinedArea: 1,
    });
  });
});

describe("grid", () => {
  const left = rectangle(SIDE, SIDE, [20, 20, 31, 43]);
  const right = rectangle(SIDE, SIDE, [32, 20, 43, 43]);
  const all = rectangle(SIDE, SIDE, [0, 0, 63, 63]);
  /** Parts by the side of the point, and the whole for points in the middle. */
  const decode = ({ positive }: Prompts): Decoded =>
    positive!.x === 31 || positive!.x === 33
      ? answer([OBJECT, all, NOWHERE])
      : answer([positive!.x < 32 ? left : right, NOWHERE, all]);

  it("asks once for every point of the grid on the mask, with nothing but the point", () => {
    const { asked } = refine(COARSE, decode, { method: "grid-max" });
    expect(asked).toHaveLength((24 / 2) ** 2);
    for (const prompts of asked) expect(Object.keys(prompts).sort()).toEqual(["positive", "tightBox"]);
    for (const { positive } of asked) expect(COARSE.data[positive!.y * SIDE + positive!.x]).toBe(1);
  });

  it("takes the innermost pixel of a mask between the points", () => {
    const thin = rectangle(SIDE, SIDE, [24, 22, 24, 45]);
    const { asked } = refine(thin, decode, { method: "grid-max" });
    expect(asked.map(({ positive }) => positive!.x)).toEqual([24]);
  });

  it("grid-max takes the mask closest to the coarse one, and tells of its decode", () => {
    const { result } = refine(COARSE, decode, { method: "grid-max" });
    expect(pixels(result)).toEqual(OBJECT.data);
    expect(result.iterations).toHaveLength(1);
    const [{ candidates, accepted, contrast }] = result.iterations as [CascadeResult["iterations"][0]];
    expect([accepted, candidates.map(({ chosen }) => chosen)]).toEqual([true, [true, false, false]]);
    expect(contrast).toBeGreaterThan(result.coarseContrast!);
    expect(result.predictedIoU).toBeCloseTo(0.9, 6);
  });

  it("grid-merge unites what lies mostly inside, and not what merely holds the mask", () => {
    const parts = ({ positive }: Prompts): Decoded => answer([positive!.x < 32 ? left : right, all, NOWHERE]);
    const { result } = refine(COARSE, parts, { method: "grid-merge" });
    expect(pixels(result)).toEqual(OBJECT.data);
    expect(result.iterations).toEqual([]);
  });

  it.each(["grid-max", "grid-merge"] as const)("%s counts only masks that SAM is sure of", (method) => {
    const unsure = (): Decoded => answer([OBJECT, OBJECT, OBJECT], [0.87, 0.5, 0.1]);
    expect(refine(COARSE, unsure, { method }).result).toMatchObject({
      verdict: "kept",
      reason: "no mask of the grid fits",
    });
    const soft = (): Decoded => {
      const decoded = answer([OBJECT, OBJECT, OBJECT]);
      // Inside, but not by more than 1.
      return { ...decoded, lowRes: decoded.lowRes.map((v) => (v > 0 ? 0.5 : v)) };
    };
    expect(refine(COARSE, soft, { method }).result.verdict).toBe("kept");
  });

  it("passes the gate", () => {
    const wrong = (): Decoded => answer([COARSE, COARSE, COARSE]);
    expect(refine(COARSE, wrong, { method: "grid-max" }).result.verdict).toBe("kept");
    expect(refine(COARSE, wrong, { method: "grid-max", gate: "none" }).result.verdict).toBe("refined");
    const right = (): Decoded => answer([OBJECT, OBJECT, OBJECT]);
    expect(refine(COARSE, right, { method: "grid-max", overlap: 0.86 }).result.verdict).toBe("kept");
  });
});

describe("box", () => {
  it("is one decode of the tight box and the mask of the highest predicted IoU, whatever the preset says", () => {
    const { result, asked } = refine(COARSE, () => answer([NOWHERE, OBJECT, NOWHERE], [0.5, 0.8, 0.7]), {
      method: "box",
      iterations: 3,
    });
    expect(asked).toEqual([{ tightBox: [24, 22, 47, 45], box: [24, 22, 47, 45] }]);
    expect(pixels(result)).toEqual(OBJECT.data);
  });

  it("passes the gate", () => {
    const wrong = (): Decoded => answer([NOWHERE, NOWHERE, NOWHERE]);
    expect(refine(COARSE, wrong, { method: "box" }).result.verdict).toBe("kept");
    expect(refine(COARSE, wrong, { method: "box", gate: "none" }).result.verdict).toBe("refined");
  });
});

describe("all of them", () => {
  it.each(["crf", "grid-max", "grid-merge", "box"] as const)(
    "%s leaves empty and full masks as they are",
    (method) => {
      for (const mask of [rectangle(SIDE, SIDE, [0, 0, -1, -1]), rectangle(SIDE, SIDE, [0, 0, 63, 63])])
        expect(refine(mask, never, { method }).result.verdict).toBe("unchanged");
    },
  );

  it("step back when a person chose a mask", () => {
    const { result } = refine(COARSE, never, { method: "crf" }, { taken: logitsOf(NOWHERE) });
    expect(pixels(result)).toEqual(NOWHERE.data);
  });

  it("take gate and split from the settings, nothing else", () => {
    const paper = baselineSettings(resolveSettings("paper", { method: "box" }));
    const ours = baselineSettings(resolveSettings("default", { method: "box" }));
    const differing = Object.keys(ours).filter(
      (name) => String(ours[name as "gate"]) !== String(paper[name as "gate"]),
    );
    // Those of prompts that `box` does not have, and of steps that it does not take, may differ.
    expect(differing).toEqual([
      "maskOutline",
      "gate",
      "overlap",
      "witness",
      "stepGain",
      "strictness",
      "split",
      "minPart",
    ]);
  });

  it("leave our own settings alone", () => {
    const settings = resolveSettings("default");
    expect(baselineSettings(settings)).toBe(settings);
  });
});

describe("encodeFor", () => {
  const engine = {
    runs: 0,
    encode: async () => {
      engine.runs++;
      return { embedding: new Float32Array(1), encoderRuns: 1, runtimeMs: 1 } as const;
    },
  };
  const tasks = (...methods: MethodSettings["method"][]) =>
    methods.map((method) => ({ settings: { method } }));

  it("encodes for methods that ask SAM, and only for those", async () => {
    const { embedding, encoderRuns } = await encodeFor(engine, PHOTO, undefined, tasks("crf", "crf"));
    expect([embedding.length, encoderRuns, engine.runs]).toEqual([0, 0, 0]);
    expect((await encodeFor(engine, PHOTO, undefined, tasks("crf", "box"))).encoderRuns).toBe(1);
    expect((await encodeFor(engine, PHOTO, undefined, [])).encoderRuns).toBe(1);
  });
});
