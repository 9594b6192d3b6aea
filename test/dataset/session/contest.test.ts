import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keptClaim, pasteBack } from "../../../src/core/paste-back.ts";
import { Contest } from "../../../src/dataset/session/contest.ts";
import type { Claim } from "../../../src/dataset/session/outcome.ts";
import { boxOf, maskOfStretches, stretchesInWindow } from "../../../src/dataset/session/stretches.ts";

const WIDTH = 9;
const HEIGHT = 7;
const WHOLE = { x0: 0, y0: 0, x1: WIDTH, y1: HEIGHT };

/** Logits of the whole photo; at least one is positive. Few values, so that there are ties. */
const logitMaps = fc
  .array(fc.constantFrom(-3, -1, 2, 5, 5, 8), { minLength: WIDTH * HEIGHT, maxLength: WIDTH * HEIGHT })
  .filter((values) => values.some((v) => v > 0))
  .map((values) => Float32Array.from(values));

function claimOf(logits: Float32Array): Claim {
  const mask = Uint8Array.from(logits, (v) => (v > 0 ? 1 : 0));
  const stretches = stretchesInWindow(WHOLE, mask, WIDTH);
  return { stretches, box: boxOf(stretches, WIDTH)!, logits: logits.filter((v) => v > 0) };
}

const sources = fc
  .array(fc.constantFrom(0, 1, 2, 3, 255), { minLength: WIDTH * HEIGHT, maxLength: WIDTH * HEIGHT })
  .map((values) => ({ width: WIDTH, height: HEIGHT, data: Uint8Array.from(values) }));

/** What the refinement of a whole map does. */
function pasted(map: { data: Uint8Array }, all: readonly Float32Array[]): Uint8Array {
  const claims = all.map((data, i) => ({ label: i + 1, logits: { ...WHOLE, data } }));
  return pasteBack(map.data, WIDTH, claims, new Set([1, 2, 3]), 255);
}

describe("Contest", () => {
  it("decides as pasting back does, also after changes", () => {
    fc.assert(
      fc.property(
        sources,
        fc.array(logitMaps, { minLength: 3, maxLength: 3 }),
        logitMaps,
        (map, all, later) => {
          const contest = new Contest(map, 255, all.map(claimOf));
          expect(contest.values([1, 2, 3])).toEqual(pasted(map, all));
          const before = [0, 1, 2].map((i) => contest.won(i));
          const changed = contest.change(new Map([[1, claimOf(later)]]));
          expect(contest.values([1, 2, 3])).toEqual(pasted(map, [all[0]!, later, all[2]!]));
          const after = [0, 1, 2].map((i) => contest.won(i));
          for (const i of [0, 1, 2]) if (!changed.has(i)) expect(after[i]).toEqual(before[i]);
          for (const i of changed) expect(after[i]).not.toEqual(before[i]);
        },
      ),
    );
  });

  it("weighs a claim without logits as a kept region", () => {
    fc.assert(
      fc.property(sources, logitMaps, logitMaps, (map, kept, other) => {
        const { logits: _, ...claim } = claimOf(kept);
        const contest = new Contest(map, 255, [claim, claimOf(other)]);
        const mask = maskOfStretches(claim.stretches, map);
        const expected = pasteBack(
          ...[map.data, WIDTH],
          [keptClaim(1, mask, claim.box), { label: 2, logits: { ...WHOLE, data: other } }],
          ...[new Set([1, 2, 3]), 255],
        );
        expect(contest.values([1, 2])).toEqual(expected);
      }),
    );
  });
});
