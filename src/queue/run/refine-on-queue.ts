/** A run whose photos are refined by the workers of a queue. */
import { join, resolve } from "node:path";
import { OptionError } from "../../core/errors.ts";
import type { DatasetPlan } from "../../dataset/plan/dataset-plan.ts";
import type { PhotoResult } from "../../dataset/run/photo-result.ts";
import { runDataset } from "../../dataset/run/run-dataset.ts";
import { JOURNAL_NAME, type RunOptions } from "../../dataset/run/run-options.ts";
import { findModel, type ModelFiles } from "../../engine/model-store.ts";
import { storeAddress } from "../exchange/store-address.ts";
import { openQueue } from "../open-queue.ts";
import { queueAddress } from "../queue-address.ts";
import { type QueueRunOptions, queuePriorities } from "./queue-run-options.ts";
import { remoteEngine } from "./remote-engine.ts";
import { sharedFolder } from "./run-place.ts";

/** What a run on a queue is made of. */
export interface QueueRun extends RunOptions, QueueRunOptions {
  readonly model: string | ModelFiles;
  readonly cacheDir: string | undefined;
  readonly pixelLimit: number;
}

/**
 * Runs over a dataset: this process plans it, writes every result and keeps the journal; workers do the rest.
 *
 * @returns one result a photo, as they are done
 * @throws {OptionError} for options that are none, and files that workers do not see
 * @throws {InputError} when the queue cannot be reached or is another release's; else as `runDataset`
 */
export async function* refineOnQueue(plan: DatasetPlan, run: QueueRun): AsyncGenerator<PhotoResult, void> {
  const shared = check(plan, run);
  const { signal } = run;
  const address = queueAddress(run.queue);
  const model = await findModel(run.model, run.cacheDir);
  signal?.throwIfAborted();
  const queue = await openQueue(address);
  if (shared !== undefined && run.root === undefined)
    run.onNote?.(`workers need --root with their path of ${shared}`);
  try {
    yield* runDataset(remoteEngine(queue, model, run), plan, run, run.pixelLimit);
  } finally {
    await queue.close();
  }
}

/**
 * What is wrong is said before a journal is begun.
 *
 * @returns the folder that workers share, where they share one
 */
function check({ root, works }: DatasetPlan, run: QueueRun): string | undefined {
  const { priority = "bulk", window = 1, store, out, journal } = run;
  if (!queuePriorities.includes(priority))
    throw new OptionError(
      `Option "priority" is "${priority}": expected one of ${queuePriorities.join(", ")}`,
    );
  if (!Number.isInteger(window) || window < 1 || window > 100_000)
    throw new OptionError(`Option "window" is ${window}: expected a whole number from 1 to 100000`);
  if (store === undefined) {
    const path = resolve(journal ?? join(out ?? root, JOURNAL_NAME));
    return sharedFolder(run.root, { works, root, journal: path });
  }
  if (run.root !== undefined)
    throw new OptionError('Options "root" and "store" are given: expected one or the other');
  storeAddress(store);
  return undefined;
}
