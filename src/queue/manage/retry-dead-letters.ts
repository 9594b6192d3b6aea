/** Another attempt for jobs that ended without a result. */
import { openQueue } from "../open-queue.ts";
import { queueAddress } from "../queue-address.ts";

/**
 * Puts all dead letters back. A run that is over takes their results when it is resumed.
 *
 * @returns how many there were
 * @throws {InputError} when the queue cannot be reached or is another release's
 */
export async function retryDeadLetters(url: string | undefined): Promise<number> {
  const open = await openQueue(queueAddress(url));
  try {
    const failed = await open.queue.getFailed();
    for (const job of failed) {
      const { handedBack: _, ...data } = job.data;
      await job.updateData(data);
      await job.retry("failed", { resetAttemptsMade: true, resetAttemptsStarted: true });
    }
    return failed.length;
  } finally {
    await open.close();
  }
}
