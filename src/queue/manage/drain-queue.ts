/** Emptying a queue. */
import { openAnyQueue } from "../open-queue.ts";
import { queueAddress } from "../queue-address.ts";

/** What was taken out of a queue. */
export interface DrainedQueue {
  /** Jobs that no worker had begun. */
  readonly waiting: number;
  /** Dead letters, and results that nobody had taken. */
  readonly ended: number;
  /** Jobs that workers are still at. */
  readonly active: number;
}

/**
 * Takes every job out that no worker is at, whichever release's it is. Runs that wait for them end, and can be resumed.
 *
 * @throws {InputError} when the queue cannot be reached
 */
export async function emptyQueue(url: string | undefined): Promise<DrainedQueue> {
  const open = await openAnyQueue(queueAddress(url));
  const { queue } = open;
  try {
    // First: a run that misses its jobs must know why.
    await open.noteDrain();
    const waiting = await queue.getJobCountByTypes("wait", "prioritized", "delayed");
    await queue.drain(true);
    let ended = 0;
    for (const state of ["completed", "failed"] as const) {
      for (let cleaned: string[] = [""]; cleaned.length > 0; ended += cleaned.length)
        cleaned = await queue.clean(0, 1000, state);
    }
    return { waiting, ended, active: await queue.getActiveCount() };
  } finally {
    await open.close();
  }
}
