/** How an adaptor is trained. */
import { OptionError } from "../errors.ts";

/** The training of section 4; the defaults are the published ones. */
export interface AdaptionSettings {
  /** Rank of the change. @default 4 */
  readonly rank: number;
  /** By how much the best mask's score must exceed the others' (Eq. 4). @default 0.02 */
  readonly margin: number;
  /** Length of a step at first. @default 0.01 */
  readonly learningRate: number;
  /** Steps after which the learning rate is divided by 10. @default [60, 100] */
  readonly decaySteps: readonly number[];
  /** Samples of one step. @default 5 */
  readonly batch: number;
  /** How often every sample is used. @default 1 */
  readonly epochs: number;
  /** Decides A's random start, the order of the samples, and which photos are held out. @default 0 */
  readonly seed: number;
}

/** The published training. */
export const publishedAdaption: AdaptionSettings = {
  rank: 4,
  margin: 0.02,
  learningRate: 0.01,
  decaySteps: [60, 100],
  batch: 5,
  epochs: 1,
  seed: 0,
};

type NumberName = Exclude<keyof AdaptionSettings, "decaySteps">;

const RANGES: Readonly<Record<NumberName, readonly [low: number, high: number]>> = {
  rank: [1, 64],
  margin: [0, 1],
  learningRate: [1e-6, 10],
  batch: [1, 1000],
  epochs: [1, 1000],
  seed: [0, 2 ** 32 - 1],
};
const FRACTIONS: ReadonlySet<NumberName> = new Set(["margin", "learningRate"]);

/**
 * The published training with changes applied and checked.
 *
 * @throws {OptionError} for a value of the wrong type or range
 */
export function resolveAdaption(changes: Partial<AdaptionSettings> = {}): AdaptionSettings {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const settings = { ...publishedAdaption, ...Object.fromEntries(given) };
  for (const [name, range] of Object.entries(RANGES)) {
    const value = settings[name as NumberName];
    if (!fits(name as NumberName, value, range)) {
      const kind = FRACTIONS.has(name as NumberName) ? "a number" : "a whole number";
      throw new OptionError(
        `Training setting "${name}" is ${String(value)}: expected ${kind} from ${range[0]} to ${range[1]}`,
      );
    }
  }
  if (!isSchedule(settings.decaySteps)) {
    throw new OptionError(
      `Training setting "decaySteps" is ${JSON.stringify(settings.decaySteps)}: expected whole numbers from 1 on, ascending`,
    );
  }
  return settings;
}

function fits(name: NumberName, value: unknown, [low, high]: readonly [number, number]): boolean {
  if (typeof value !== "number" || !(value >= low && value <= high)) return false;
  return FRACTIONS.has(name) || Number.isInteger(value);
}

function isSchedule(steps: unknown): boolean {
  return (
    Array.isArray(steps) &&
    steps.every((step, i) => Number.isInteger(step) && step > (i === 0 ? 0 : steps[i - 1]))
  );
}
