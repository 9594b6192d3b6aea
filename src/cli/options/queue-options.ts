/** Options of everything that uses a queue. */
import type { Command } from "commander";
import { type QueuePriority, queuePriorities } from "../../sdk/mod.ts";
import { choice } from "./choice.ts";
import { wholeNumber } from "./whole-number.ts";

/** What the parser makes of the queue's address: `true` takes it from the environment. */
export interface QueueFlag {
  readonly queue?: string | true;
}

/** And of where files lie. */
export interface PlaceFlags {
  readonly root?: string;
  readonly store?: string;
}

/** What a run on a queue has besides. */
export interface QueueRunFlags extends QueueFlag, PlaceFlags {
  readonly priority?: QueuePriority;
  readonly window?: number;
}

/** Declares the queue's address. */
export function addQueueOption(command: Command, what: string): Command {
  return command.option(
    "--queue [address]",
    `${what}: redis://host:port/0?queue=name, rediss:// for TLS (default: SAMREFINER_QUEUE_URL)`,
  );
}

/** Declares where files lie. */
export function addPlaceOptions(command: Command): Command {
  return command
    .option("--root <folder>", "the folder that all workers see, by its path on this machine")
    .option("--store <address>", "object store instead of a shared folder: s3://bucket/prefix");
}

/** Declares what a run on a queue has besides. */
export function addQueueRunOptions(command: Command): Command {
  return addPlaceOptions(addQueueOption(command, "let the workers of a queue refine"))
    .option(
      "--priority <name>",
      `who goes first on a queue: ${queuePriorities.join(", ")} (default: bulk)`,
      choice("priority", queuePriorities),
    )
    .option(
      "--window <n>",
      "most jobs of the run in Redis at a time (default: 128)",
      wholeNumber("--window", 1, 100_000),
    );
}

/** As the SDK takes an address. */
export function queueAddress({ queue }: QueueFlag): string | undefined {
  return queue === true ? undefined : queue;
}

/** As the SDK takes the options of a run. */
export function queueRunOptions(flags: QueueRunFlags): Omit<QueueRunFlags, "queue"> & { queue?: string } {
  const { root, store, priority, window } = flags;
  const queue = queueAddress(flags);
  return {
    ...(queue === undefined ? {} : { queue }),
    ...(root === undefined ? {} : { root }),
    ...(store === undefined ? {} : { store }),
    ...(priority === undefined ? {} : { priority }),
    ...(window === undefined ? {} : { window }),
  };
}
