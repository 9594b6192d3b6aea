/** A refined map is its source with every pixel moved as told. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LabelMap } from "../../src/core/mask.ts";
import { resolveSettings } from "../../src/core/settings.ts";
import type { CascadeResult } from "../../src/engine/cascade.ts";
import { type PixelMoves, pixelMoves } from "../../src/engine/pixel-moves.ts";
import { type LabelPlan, pasteResults, planLabels } from "../../src/engine/refine-labels.ts";

const width = 12;
const height = 9;
const settings = resolveSettings("paper", {});

/** A label map of few values, so that classes have several parts. */
const maps = fc
  .array(fc.constantFrom(0, 1, 2, 9), { minLength: width * height, maxLength: width * height })
  .map((data): LabelMap => ({ width, height, data: Uint8Array.from(data) }));

/** A result of random logits for each region, or none. */
function resultsOf(plan: LabelPlan, logits: readonly (readonly number[] | undefined)[]): CascadeResult[] {
  return plan.tasks.map((_, i) => {
    const values = logits[i % logits.length];
    const data =
      values && Float32Array.from({ length: width * height }, (__, p) => values[p % values.length]!);
    const window = data && {
      x0: 0,
      y0: 0,
      x1: width,
      y1: height,
      logits: data,
      mask: Uint8Array.from(data, (v) => +(v > 0)),
    };
    return {
      verdict: "refined",
      refinedArea: 1,
      coarseIoU: 1,
      iterations: [],
      ...(window ? { refined: window } : {}),
    };
  });
}

function moved({ data }: LabelMap, { tasks }: LabelPlan, { pixels, to }: PixelMoves): LabelMap["data"] {
  const out = data.slice();
  for (const [i, pixel] of pixels.entries()) out[pixel] = to[i] === -1 ? 0 : tasks[to[i]!]!.label;
  return out;
}

describe("pixelMoves", () => {
  it("tells which region had and which has every changed pixel", () => {
    fc.assert(
      fc.property(
        maps,
        fc.constantFrom("instance" as const, "semantic" as const),
        fc.constantFrom(undefined, 9),
        fc.array(
          fc.option(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 5, maxLength: 30 }), {
            nil: undefined,
          }),
          { minLength: 1, maxLength: 4 },
        ),
        (map, mode, ignoreLabel, logits) => {
          const plan = planLabels(map, mode, settings, ignoreLabel);
          const owners = new Int32Array(map.data.length);
          const values = pasteResults(map, plan, resultsOf(plan, logits), ignoreLabel, owners);
          const moves = pixelMoves(map, values, plan, owners);
          expect(moved(map, plan, moves)).toEqual(values);
          for (const [i, pixel] of moves.pixels.entries()) {
            const from = moves.from[i]!;
            // Too small parts have pixels, but are no regions.
            if (from !== -1) expect(plan.tasks[from]!.mask.data[pixel]).toBe(1);
            else expect(plan.tasks.some(({ mask }) => mask.data[pixel] === 1)).toBe(false);
          }
        },
      ),
    );
  });
});
