import { expect, it } from "vitest";
import { type AdaptionSample, bestToken, sampleScores } from "../../../src/core/adaption/adaption-sample.ts";
import { choiceFigures, chosenToken } from "../../../src/core/adaption/choice-figures.ts";

function sample(predicted: readonly number[], coarse: readonly number[]): AdaptionSample {
  return {
    features: new Float32Array(2),
    predictedIoU: Float32Array.from(predicted),
    coarseIoU: Float32Array.from(coarse),
    stability: Float32Array.of(1, 0.5, 0.9, 0.25),
  };
}

const adaptor = {
  ...{ rank: 1, width: 2, tokens: 4 },
  a: Float32Array.of(1, 1),
  b: new Float32Array(4),
};

it("counts hits and what is chosen; a tie with the best is a hit, token 0 never competes", () => {
  const samples = [
    sample([9, 0.5, 0.75, 0.25], [1, 0.5, 0.25, 0]),
    sample([0, 0.5, 0.25, 0], [0, 0.5, 0.5, 0.5]),
    sample([0, 0.5, 0.25, 0.75], [0, 0, 0, 1]),
  ];
  const predicted = { selection: "predicted-iou", agreement: 0 } as const;
  expect(choiceFigures(samples, predicted)).toEqual({ samples: 3, top1: 2 / 3, coarseIoU: 1.75 / 3 });
  expect(choiceFigures([], predicted)).toEqual({ samples: 0, top1: 0, coarseIoU: 0 });
  expect(chosenToken(samples[0]!, predicted)).toBe(2);
  expect(chosenToken(samples[0]!, { selection: "predicted-iou", agreement: 2 })).toBe(1);
});

it("knows which mask should win, and when none should", () => {
  expect(bestToken(sample([], [1, 0.25, 0.5, 0.25]))).toBe(2);
  expect(bestToken(sample([], [1, 0.5, 0.5, 0.25]))).toBe(1);
  expect(bestToken(sample([], [1, 0.5, 0.5, 0.5]))).toBeUndefined();
});

it("has adapted scores with an adaptor only", () => {
  const one = sample([0, 0.5, 0.25, 0.75], [0, 0, 0, 1]);
  expect(sampleScores(one)[0]).toEqual({ token: 1, predictedIoU: 0.5, stability: 0.5, coarseIoU: 0 });
  expect(sampleScores(one, adaptor)[0]).toMatchObject({ adaptedIoU: 0.5 });
});
