/** How a queue is. */
import { openQueue } from "../open-queue.ts";
import { describeStamp, STAMP } from "../protocol.ts";
import { queueAddress } from "../queue-address.ts";

/** A job that came to its end without a result. */
export interface DeadLetter {
  /** The photo, see `PhotoWork.key`. */
  readonly key: string;
  /** Why, in one sentence. */
  readonly reason: string;
  /** Name of its run. */
  readonly run: string;
  /** When it ended, ISO 8601. */
  readonly ended: string;
}

/** What a queue holds, and who works on it. */
export interface QueueStatus {
  /** Its address, without credentials. */
  readonly queue: string;
  /** Whose queue it is. */
  readonly protocol: string;
  /** Jobs that no worker has begun. */
  readonly waiting: number;
  /** Jobs that a worker is at. */
  readonly active: number;
  /** Jobs that wait for another attempt. */
  readonly delayed: number;
  /** Jobs with a result that its run has not taken yet. */
  readonly done: number;
  /** Jobs among the dead letters. */
  readonly failed: number;
  /** Names of the workers that are connected. */
  readonly workers: readonly string[];
  /** The last dead letters, at most 100. */
  readonly deadLetters: readonly DeadLetter[];
}

const MOST_LETTERS = 100;

/**
 * Asks a queue.
 *
 * @param url see `queueAddress`
 * @throws {InputError} when it cannot be reached or is another release's
 */
export async function askQueue(url: string | undefined): Promise<QueueStatus> {
  const open = await openQueue(queueAddress(url));
  const { queue, address } = open;
  try {
    const counts = await queue.getJobCounts(
      "wait",
      "prioritized",
      "active",
      "delayed",
      "completed",
      "failed",
    );
    const count = (...names: readonly string[]): number =>
      names.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
    const failed = await queue.getFailed(0, MOST_LETTERS - 1);
    return {
      ...{ queue: address.label, protocol: describeStamp(STAMP) },
      waiting: count("wait", "prioritized"),
      ...{
        active: count("active"),
        delayed: count("delayed"),
        done: count("completed"),
        failed: count("failed"),
      },
      workers: (await queue.getWorkers()).map((worker) => workerName(worker)).sort(),
      deadLetters: failed.map(({ data, failedReason, finishedOn }) => ({
        ...{ key: data.key, reason: failedReason, run: data.run },
        ended: new Date(finishedOn ?? 0).toISOString(),
      })),
    };
  } finally {
    await open.close();
  }
}

/** BullMQ's name of the connection ends in the worker's own. */
function workerName({ rawname = "", name = "" }: { readonly [index: string]: string }): string {
  const [, own] = rawname.split(":w:");
  return own ?? name;
}
