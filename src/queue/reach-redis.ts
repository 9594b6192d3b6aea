/** The first connection to a Redis: it fails at once, where later ones are waited for. */
import { Redis } from "ioredis";
import { InputError } from "../core/errors.ts";
import { type QueueAddress, redact } from "./queue-address.ts";

const PATIENCE_MS = 10_000;

/**
 * Connects.
 *
 * @throws {InputError} when nothing answers, or credentials or certificates are refused
 */
export async function reachRedis(address: QueueAddress): Promise<Redis> {
  const { connection } = address;
  let failure: Error | undefined;
  let reached = false;
  const redis = new Redis({
    ...connection,
    lazyConnect: true,
    connectTimeout: PATIENCE_MS,
    retryStrategy: (times) => (reached ? connection.retryStrategy(times) : null),
  });
  redis.on("error", (error: Error) => {
    failure ??= error;
  });
  try {
    await redis.connect();
    // A wrong password is told by the first command.
    await redis.ping();
    reached = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    throw new InputError(
      `The queue ${address.label} cannot be reached (${redact(reasonOf(failure ?? error), address)}): expected a running Redis or Valkey`,
    );
  }
}

function reasonOf(error: unknown): string {
  // Of several addresses of a host, each has its own reason.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
