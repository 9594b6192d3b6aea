/** How a run is spread over the workers of a queue. */

/** Who goes first: an `interactive` run passes a `normal` one, and that a `bulk` one. */
export type QueuePriority = "interactive" | "normal" | "bulk";

/** All of them. */
export const queuePriorities: readonly QueuePriority[] = ["interactive", "normal", "bulk"];

/** Options of a run on a queue, besides those of any run. */
export interface QueueRunOptions {
  /** `redis://host:6379/0?queue=name`, or `rediss://…`; credentials come from the environment. @default SAMREFINER_QUEUE_URL */
  readonly queue?: string | undefined;
  /**
   * The folder that all workers see, under whatever path. It holds the dataset and the journal.
   *
   * @default the nearest folder that holds both
   */
  readonly root?: string | undefined;
  /** Address of an object store, `s3://bucket/prefix` or `https://host/bucket/prefix`, instead of a shared folder. */
  readonly store?: string | undefined;
  /** Who goes first. @default "bulk" */
  readonly priority?: QueuePriority | undefined;
  /** Most jobs of the run that are in Redis at a time. @default 128 */
  readonly window?: number | undefined;
  /** Told what a person should know while the run goes on, one sentence each. */
  readonly onNote?: ((sentence: string) => void) | undefined;
}
