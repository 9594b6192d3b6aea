import { describe, expect, it } from "vitest";
import { publishedAdaption, resolveAdaption } from "../../../src/core/adaption/adaption-settings.ts";
import { choiceFigures } from "../../../src/core/adaption/choice-figures.ts";
import { learningRate, trainAdaptor } from "../../../src/core/adaption/train-adaptor.ts";
import { misrankedSamples } from "./samples.ts";

const adapted = { selection: "adapted", agreement: 0 } as const;
const predicted = { selection: "predicted-iou", agreement: 0 } as const;

describe("trainAdaptor", () => {
  it("repairs a head that overrates one token, on samples it has not seen, as published", () => {
    const { adaptor, losses, samples } = trainAdaptor(misrankedSamples(600, [3]), publishedAdaption);
    const unseen = misrankedSamples(300, [3], 2);
    const before = choiceFigures(unseen, predicted);
    const after = choiceFigures(unseen, adapted, adaptor);
    expect(before.top1).toBeLessThan(0.05);
    expect(after.top1).toBeGreaterThan(0.95);
    expect(after.coarseIoU).toBeGreaterThan(before.coarseIoU + 0.4);
    expect([samples, losses.length]).toEqual([600, 120]);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
  });

  it("learns from the features which token is right, when it may train longer", () => {
    const settings = { ...publishedAdaption, learningRate: 0.1, decaySteps: [], epochs: 5 };
    const { adaptor } = trainAdaptor(misrankedSamples(600, [1, 2, 3]), settings);
    const unseen = misrankedSamples(300, [1, 2, 3], 2);
    expect(choiceFigures(unseen, predicted).top1).toBeLessThan(0.4);
    expect(choiceFigures(unseen, adapted, adaptor).top1).toBeGreaterThan(0.99);
  });

  it("starts from SAM's own scores: without a step nothing is chosen differently", () => {
    const samples = misrankedSamples(50, [1, 2, 3]);
    const { adaptor } = trainAdaptor(samples, { ...publishedAdaption, learningRate: 1e-6 });
    expect(choiceFigures(samples, adapted, adaptor)).toEqual(choiceFigures(samples, predicted));
    expect(adaptor.a.some((value) => value !== 0)).toBe(true);
  });

  it("is the same by the same seed, and another by another", () => {
    const samples = misrankedSamples(100, [1, 2, 3]);
    const train = (seed: number) => trainAdaptor(samples, { ...publishedAdaption, seed }).adaptor;
    expect(train(7)).toEqual(train(7));
    expect(train(7).b).not.toEqual(train(8).b);
  });

  it("leaves out samples that rank nothing, and needs others", () => {
    const [sample] = misrankedSamples(1, [1, 2, 3]);
    const tied = { ...sample!, coarseIoU: Float32Array.of(1, 0, 0, 0) };
    expect(trainAdaptor([tied, sample!], publishedAdaption).samples).toBe(1);
    expect(() => trainAdaptor([tied], publishedAdaption)).toThrow(/no sample ranks its masks/);
  });

  it("uses every sample once an epoch, a smaller last batch included", () => {
    const samples = misrankedSamples(12, [1, 2, 3]);
    expect(trainAdaptor(samples, { ...publishedAdaption, epochs: 3 }).losses).toHaveLength(9);
  });
});

it("divides the learning rate by 10 at steps 60 and 100", () => {
  const rates = [0, 59, 60, 99, 100, 500].map((step) => learningRate(publishedAdaption, step));
  expect(rates).toEqual([0.01, 0.01, 0.001, 0.001, 0.0001, 0.0001]);
});

describe("resolveAdaption", () => {
  it("is the published training with changes", () => {
    expect(resolveAdaption({ rank: 8, margin: undefined as never })).toEqual({
      ...publishedAdaption,
      rank: 8,
    });
    expect(resolveAdaption({ decaySteps: [] }).decaySteps).toEqual([]);
  });

  it.each([
    [{ rank: 0 }, /"rank" is 0: expected a whole number from 1 to 64/],
    [{ batch: 2.5 }, /"batch" is 2.5: expected a whole number/],
    [{ margin: -1 }, /"margin" is -1: expected a number from 0 to 1/],
    [{ learningRate: Number.NaN }, /"learningRate" is NaN/],
    [{ decaySteps: [100, 60] }, /"decaySteps" is \[100,60\]: expected whole numbers from 1 on, ascending/],
    [{ seed: "1" as never }, /"seed" is 1: expected a whole number/],
  ])("refuses %o", (changes, message) => {
    expect(() => resolveAdaption(changes)).toThrow(message);
  });
});
