/** What is to be done, checked as far as it can be before the model is loaded. */
import { checkOutput, InputError, OutputError, pairPhoto, SamRefinerError } from "../../sdk/mod.ts";
import { inputGuard } from "./input-guard.ts";
import { filesOf, type OutputFlags, outputPaths, type Targets } from "./output-paths.ts";

/** One mask with its photo and its results. */
export interface Job extends Targets {
  readonly mask: string;
  readonly image: string;
  readonly overwrite: boolean;
}

/** Masks that are not refined, and why. */
export interface Refusal {
  readonly masks: readonly string[];
  readonly error: SamRefinerError;
}

/** The work that can begin, and what cannot. */
export interface Plan {
  readonly jobs: readonly Job[];
  readonly refusals: readonly Refusal[];
}

/**
 * Plans the work.
 *
 * @param image the photo of all masks; found for each one when absent
 * @throws {OptionError} when the names of the results contradict each other
 */
export async function planJobs(
  masks: readonly string[],
  image: string | undefined,
  flags: OutputFlags,
): Promise<Plan> {
  const targets = await outputPaths(masks, flags);
  const overwrite = flags.overwrite === true;
  const refusals: Refusal[] = [];
  const paired: Job[] = [];
  for (const [i, mask] of masks.entries()) {
    const photo = image ?? (await attempt(mask, refusals, () => findPhoto(mask)));
    if (photo !== undefined) paired.push({ mask, image: photo, overwrite, ...targets[i]! });
  }
  const guardInputs = await inputGuard(paired);
  const jobs: Job[] = [];
  for (const job of paired) {
    const passed = await attempt(job.mask, refusals, async () => {
      await guardInputs(job);
      await checkTargets(job);
      return true;
    });
    if (passed) jobs.push(job);
  }
  return { jobs, refusals };
}

/** Runs a step of the plan; one mask's refusal does not stop the others. */
async function attempt<T>(mask: string, refusals: Refusal[], step: () => Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof SamRefinerError)) throw error;
    refusals.push({ masks: [mask], error });
    return undefined;
  }
}

/** The library names no option, so the way out is added here. */
async function findPhoto(mask: string): Promise<string> {
  try {
    return await pairPhoto(mask);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${error.message} (--image names it)`, { cause: error });
  }
}

async function checkTargets(job: Job): Promise<void> {
  for (const { path, makeFolder } of filesOf(job)) {
    try {
      await checkOutput(path, { overwrite: job.overwrite, makeFolder });
    } catch (error) {
      if ((error as { cause?: NodeJS.ErrnoException }).cause?.code !== "EEXIST") throw error;
      throw new OutputError(`${path} exists already (--overwrite replaces it)`, { cause: error });
    }
  }
}
