import fc from "fast-check";
import { expect, it } from "vitest";
import { maskBox } from "../../../../src/core/mask.ts";
import { encodeRuns } from "../../../../src/core/run-length.ts";
import { runBox } from "../../../../src/formats/annotations/coco/run-box.ts";
import { randomMask } from "../../geometry/random-mask.ts";

it("runBox is the box of the pixels", () => {
  fc.assert(
    fc.property(randomMask(), (mask) => {
      const [x0, y0, x1, y1] = maskBox(mask) ?? [0, 0, -1, -1];
      expect(runBox(encodeRuns(mask))).toEqual([x0, y0, x1 - x0 + 1, y1 - y0 + 1]);
    }),
    { numRuns: 500 },
  );
});
