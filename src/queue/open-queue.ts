/** A queue of this release. */
import { setTimeout as delay } from "node:timers/promises";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { InputError } from "../core/errors.ts";
import type { PhotoJob, PhotoOutcome } from "./job.ts";
import { describeStamp, PREFIX, STAMP } from "./protocol.ts";
import type { QueueAddress } from "./queue-address.ts";
import { reachRedis } from "./reach-redis.ts";

/** Jobs of photos and what comes of them. */
export type PhotoQueue = Queue<PhotoJob, PhotoOutcome>;

const LAST_WAIT_MS = 5000;

/** An open queue. */
export interface OpenQueue {
  readonly address: QueueAddress;
  readonly queue: PhotoQueue;
  readonly redis: Redis;
  /** How often the queue was drained. */
  drains(): Promise<number>;
  /** Notes that it was. */
  noteDrain(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a queue. One that nobody has used, or that holds no job any more, is stamped with this release.
 *
 * @throws {InputError} when it cannot be reached, or is another release's
 */
export async function openQueue(address: QueueAddress): Promise<OpenQueue> {
  const open = await openAnyQueue(address);
  try {
    await claim(address, open);
    return open;
  } catch (error) {
    await open.close();
    throw error;
  }
}

/**
 * Opens a queue, whosever it is.
 *
 * @throws {InputError} when it cannot be reached
 */
export async function openAnyQueue(address: QueueAddress): Promise<OpenQueue> {
  const redis = await reachRedis(address);
  const queue: PhotoQueue = new Queue(address.name, { connection: address.connection, prefix: PREFIX });
  // What fails is thrown where it is asked for; a lost connection is made again.
  queue.on("error", () => undefined);
  const drained = keyOf(address, "drained");
  const close = async (): Promise<void> => {
    // Without its Redis a queue closes all the same.
    await Promise.race([queue.close(), delay(LAST_WAIT_MS, undefined, { ref: false })]).catch(
      () => undefined,
    );
    redis.disconnect();
  };
  return {
    ...{ address, queue, redis, close },
    drains: async () => Number((await redis.get(drained)) ?? 0),
    noteDrain: async () => void (await redis.incr(drained)),
  };
}

function keyOf({ name }: QueueAddress, what: string): string {
  return `${PREFIX}:${name}:${what}`;
}

async function claim(address: QueueAddress, { queue, redis }: OpenQueue): Promise<void> {
  const key = keyOf(address, "protocol");
  await redis.set(key, STAMP, "NX");
  const found = (await redis.get(key)) ?? STAMP;
  if (found === STAMP) return;
  const counts = await queue.getJobCounts();
  const jobs = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (jobs > 0)
    throw new InputError(
      `The queue ${address.label} holds jobs of ${describeStamp(found)}: expected ${describeStamp(STAMP)} (finish them with that release, or take another queue: ?queue=name)`,
    );
  await redis.set(key, STAMP);
}
