import { expect, it } from "vitest";
import { recommendAdaptor } from "../../../src/core/adaption/recommend-adaptor.ts";

const agreement = { top1Before: 0.4, top1After: 0.6 };

it("recommends a gain that is clearly more than chance", () => {
  expect(recommendAdaptor({ gains: [0.02, 0.03, 0.02, 0.04, 0.03], ...agreement })).toEqual({
    use: true,
    reason:
      "the coarse IoU of the choices rises by 2.80 ± 0.37 points over 5 held-out photos: more than twice its standard error",
  });
});

it("advises against a gain that chance may do, a loss, and none at all", () => {
  const advise = (...gains: number[]) => recommendAdaptor({ gains, ...agreement });
  expect(advise(0.1, -0.05, 0.08, -0.06, 0).reason).toMatch(/rises by 1.40 .* no more than chance may do/);
  expect(advise(-0.1, -0.05, -0.08, -0.06, 0).reason).toMatch(/falls by 5.80 /);
  expect(advise(0, 0, 0, 0, 0).use).toBe(false);
});

it("advises against less agreement, and against what too few photos say", () => {
  const less = { gains: [0.02, 0.03, 0.02, 0.04, 0.03], top1Before: 0.6, top1After: 0.5 };
  expect(recommendAdaptor(less)).toMatchObject({
    use: false,
    reason: expect.stringMatching(/^top-1 agreement falls/),
  });
  expect(recommendAdaptor({ gains: [0.02, 0.03, 0.02, 0.04], ...agreement })).toEqual({
    use: false,
    reason: "4 held-out photos are too few to tell: expected at least 5",
  });
});
