/** The training of SAMRefiner++ (section 3.3, A.2, C.4): a few matrix products on what decodes left behind. */
import { type Random, randomIndex, seededRandom } from "../simulate/seeded-random.ts";
import { type AdaptionSample, bestToken } from "./adaption-sample.ts";
import type { AdaptionSettings } from "./adaption-settings.ts";
import type { IoUAdaptor } from "./iou-adaptor.ts";
import { addSampleGradient, type Factors } from "./sample-gradient.ts";

/** An adaptor and how its training went. */
export interface TrainedAdaptor {
  readonly adaptor: IoUAdaptor;
  /** Mean loss of each step's batch, before the step. */
  readonly losses: readonly number[];
  /** Samples that rank something; the others were left out. */
  readonly samples: number;
}

/**
 * Trains an adaptor by stochastic gradient descent on the margin ranking loss (Eq. 4). SAM stays frozen; no ground truth is
 * needed: the mask that agrees most with the coarse one is the one to win. The same samples, settings and seed give the
 * same adaptor.
 *
 * @param samples decodes under single prompt types, all of one model
 * @throws {RangeError} when no sample ranks anything
 */
export function trainAdaptor(samples: readonly AdaptionSample[], settings: AdaptionSettings): TrainedAdaptor {
  const ranked = samples.filter((sample) => bestToken(sample) !== undefined);
  const [first] = ranked;
  if (first === undefined) throw new RangeError("Cannot train an adaptor: no sample ranks its masks");
  const { rank, margin, batch } = settings;
  const width = first.features.length;
  const tokens = first.predictedIoU.length;
  const random = seededRandom(settings.seed);
  const factors: Factors = { a: randomStart(random, rank, width), b: new Float64Array(tokens * rank) };
  const losses: number[] = [];
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    const order = shuffled(ranked, random);
    for (let from = 0; from < order.length; from += batch) {
      const rate = learningRate(settings, losses.length);
      losses.push(descend(factors, order.slice(from, from + batch), margin, rate));
    }
  }
  const adaptor = { rank, width, tokens, a: Float32Array.from(factors.a), b: Float32Array.from(factors.b) };
  return { adaptor, losses, samples: ranked.length };
}

/** The rate of a step, counted from 0: a tenth after each step of the schedule. */
export function learningRate(
  { learningRate: start, decaySteps }: Pick<AdaptionSettings, "learningRate" | "decaySteps">,
  step: number,
): number {
  return start / 10 ** decaySteps.filter((decay) => step >= decay).length;
}

/** Uniform in ±1/√width, as dense layers start; B starts at zero, so that the first adaptor changes nothing. */
function randomStart(random: Random, rank: number, width: number): Float64Array {
  const bound = 1 / Math.sqrt(width);
  return Float64Array.from({ length: rank * width }, () => (2 * random() - 1) * bound);
}

/** One step down the mean loss of a batch; returns that loss. */
function descend(factors: Factors, batch: readonly AdaptionSample[], margin: number, rate: number): number {
  const gradient: Factors = {
    a: new Float64Array(factors.a.length),
    b: new Float64Array(factors.b.length),
  };
  const losses = batch.map((sample) => addSampleGradient(factors, sample, margin, gradient));
  const step = rate / batch.length;
  for (let i = 0; i < factors.a.length; i++) factors.a[i]! -= step * gradient.a[i]!;
  for (let i = 0; i < factors.b.length; i++) factors.b[i]! -= step * gradient.b[i]!;
  return losses.reduce((sum, loss) => sum + loss, 0) / batch.length;
}

/** Fisher–Yates. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const other = randomIndex(random, i + 1);
    [out[i], out[other]] = [out[other]!, out[i]!];
  }
  return out;
}
