import { existsSync } from "node:fs";
import type { EngineRequests, ProgressMessage, RunChoice, RunSummary } from "../../../protocol/engine.ts";
import {
  type DatasetPlan,
  InputError,
  type RefineDatasetOptions,
  type Refiner,
  type RunProgress,
  reportRun,
} from "../../../sdk/mod.ts";
import type { LazyModel } from "../lazy-model.ts";
import { methodOptions } from "../method-options.ts";
import { planSources } from "../plan.ts";
import { readingOf } from "../reading-of.ts";
import type { RequestContext } from "../request-context.ts";
import type { Turns } from "../turns.ts";

const stages = { encode: "encode", refine: "refine", photo: "write" } as const;

/** Runs over datasets, one after another. */
export class Runs {
  readonly #model: LazyModel;
  readonly #turns: Turns;
  #last: Promise<unknown> = Promise.resolve();

  constructor(model: LazyModel, turns: Turns) {
    this.#model = model;
    this.#turns = turns;
  }

  /**
   * Answers `run/start`, once earlier runs have ended. A run that is cancelled answers with what it has done, one that
   * waits does so at once.
   *
   * @throws {OptionError} for settings that are none
   * @throws {InputError} when the source is missing or has nothing to refine, or the journal to continue is damaged or of another run
   * @throws {OutputError} when the journal cannot be written, or another process has it
   */
  start(choice: EngineRequests["run/start"][0], context: RequestContext): Promise<RunSummary> {
    const earlier = this.#last;
    const run = unlessAborted(earlier, context.signal).then(() => this.#run(choice, context));
    this.#last = Promise.allSettled([earlier, run]);
    return run;
  }

  async #run(choice: RunChoice, context: RequestContext): Promise<RunSummary> {
    const { signal, progress } = context;
    try {
      signal.throwIfAborted();
      progress({ stage: "read", done: 0, total: 0 });
      const found = await planSources(choice, choice.out, signal);
      if (found.works.length === 0) throw nothingToDo(found, choice);
      const refiner = await this.#model.open(progress);
      await this.#photos(refiner, found, choice, context);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return summaryOf(choice.journal, signal.aborted);
  }

  async #photos(
    refiner: Refiner,
    found: DatasetPlan,
    choice: RunChoice,
    { signal, progress }: RequestContext,
  ): Promise<void> {
    const photos = new Map(found.works.map(({ key, photo }) => [key, photo]));
    const onProgress = (step: RunProgress): void => progress(told(step, photos));
    const results = refiner.refineDataset(found, { ...datasetOptions(choice), signal, onProgress });
    for await (const _ of results) await this.#turns.quiet(signal);
  }
}

/** Resolves with the promise, or when aborted. */
function unlessAborted(promise: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** The first refusal says more than a count. */
function nothingToDo({ refused }: DatasetPlan, { sources }: RunChoice): InputError {
  return refused[0]?.error ?? new InputError(`${sources.join(", ")} has no mask that could be refined`);
}

function datasetOptions(choice: RunChoice): RefineDatasetOptions {
  const { method, out, journal, resume, overwrite, geometry } = choice;
  return {
    ...(out === undefined ? { inPlace: true } : { out }),
    ...{ journal, resume, overwrite },
    ...(geometry === undefined ? {} : { geometry }),
    ...methodOptions(method),
    ...readingOf(choice),
  };
}

function told(
  { stage, key, photosDone, photosTotal, photosSkipped }: RunProgress,
  photos: ReadonlyMap<string, string>,
): Omit<ProgressMessage, "token"> {
  return {
    stage: stages[stage],
    done: photosDone + photosSkipped,
    total: photosTotal + photosSkipped,
    item: photos.get(key) ?? key,
  };
}

/** Sums from the journal, which knows earlier sessions too. */
function summaryOf(journal: string, stopped: boolean): RunSummary {
  if (stopped && !existsSync(journal)) {
    const regions = { refined: 0, kept: 0, unchanged: 0, failed: 0 };
    return { journal, photos: 0, failed: 0, regions, failures: [], stopped };
  }
  const { totals, failures } = reportRun(journal).report;
  return {
    journal,
    ...totals,
    failures: failures.map(({ path, message }) => ({ path, message })),
    stopped,
  };
}
