/** Looking at a queue, emptying it, and trying its dead letters again. */
import type { DrainedQueue } from "../../queue/manage/drain-queue.ts";
import type { QueueStatus } from "../../queue/manage/queue-status.ts";

/**
 * Tells what a queue holds, who works on it, and what ended without a result.
 *
 * @param queue `redis://host:6379/0?queue=name`, or `rediss://…`; by default that of SAMREFINER_QUEUE_URL
 * @throws {InputError} when it cannot be reached or is another release's
 * @throws {OptionError} for an address that is none, or with credentials in it
 * @example
 * ```ts
 * import { queueStatus } from "samrefiner";
 * async function tell(): Promise<void> {
 *   const { waiting, active, workers, deadLetters } = await queueStatus("redis://queue:6379");
 *   console.log(waiting, active, workers, deadLetters);
 * }
 * ```
 */
export async function queueStatus(queue?: string): Promise<QueueStatus> {
  const { askQueue } = await import("../../queue/manage/queue-status.ts");
  return askQueue(queue);
}

/**
 * Takes every job out of a queue that no worker is at, whichever release's it is. Runs that wait for them end, and can be
 * resumed.
 *
 * @param queue see {@link queueStatus}
 * @throws {InputError} when it cannot be reached
 * @example
 * ```ts
 * import { drainQueue } from "samrefiner";
 * async function empty(): Promise<void> {
 *   const { waiting, ended } = await drainQueue("redis://queue:6379");
 *   console.log(waiting + ended);
 * }
 * ```
 */
export async function drainQueue(queue?: string): Promise<DrainedQueue> {
  const { emptyQueue } = await import("../../queue/manage/drain-queue.ts");
  return emptyQueue(queue);
}

/**
 * Puts all dead letters of a queue back. A run that is over takes their results when it is resumed.
 *
 * @param queue see {@link queueStatus}
 * @returns how many there were
 * @throws {InputError} when it cannot be reached or is another release's
 * @example
 * ```ts
 * import { retryQueue } from "samrefiner";
 * async function again(): Promise<void> {
 *   console.log(await retryQueue("redis://queue:6379"));
 * }
 * ```
 */
export async function retryQueue(queue?: string): Promise<number> {
  const { retryDeadLetters } = await import("../../queue/manage/retry-dead-letters.ts");
  return retryDeadLetters(queue);
}
