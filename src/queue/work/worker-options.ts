/** How a worker of a queue is started, and what it tells. */
import type { DeviceName } from "../../engine/devices.ts";

/** Something that a worker tells. */
export type WorkerEvent =
  /** It takes jobs. */
  | { readonly kind: "ready"; readonly queue: string; readonly worker: string }
  /** A known model is fetched. */
  | { readonly kind: "fetch"; readonly model: string }
  /** A photo is done. */
  | { readonly kind: "photo"; readonly key: string; readonly regions: number; readonly ms: number }
  /** A job was handed back, because this machine cannot do it. */
  | { readonly kind: "refused"; readonly key: string; readonly reason: string }
  /** A job failed; it is tried again, or ends among the dead letters. */
  | { readonly kind: "failed"; readonly key: string; readonly reason: string }
  /** The queue is out of reach; it is waited for. */
  | { readonly kind: "waiting"; readonly reason: string };

/** Options of `workOnQueue`. */
export interface WorkerOptions {
  /** `redis://host:6379/0?queue=name`, or `rediss://…`; credentials come from the environment. @default SAMREFINER_QUEUE_URL */
  readonly queue?: string | undefined;
  /** This machine's path of the folder that the run shares. */
  readonly root?: string | undefined;
  /** Address of the object store that the run uses. */
  readonly store?: string | undefined;
  /** Where the model runs. @default "auto" */
  readonly device?: "auto" | DeviceName | undefined;
  /** CPU threads. @default all cores */
  readonly threads?: number | undefined;
  /** Photos at a time; on a CPU one more than its cores does the most a second. @default 1 */
  readonly concurrency?: number | undefined;
  /** Folder for image embeddings and models of runs. @default the user's cache folder */
  readonly cacheDir?: string | undefined;
  /** Most bytes of cached embeddings. @default 2 GiB */
  readonly cacheBytes?: number | undefined;
  /** What this worker is called. @default the machine's name and the process number */
  readonly name?: string | undefined;
  /**
   * Seconds without a sign of life after which a worker counts as lost and its job goes to another one. More than the
   * model's longest run takes, which holds up all other work of its process.
   *
   * @default 120
   */
  readonly lostAfter?: number | undefined;
  /** Seconds in which a stopping worker may finish its photo before it hands the job back. @default 20 */
  readonly grace?: number | undefined;
  /** Stops the worker: it finishes its photo, or hands it back. */
  readonly signal?: AbortSignal | undefined;
  /** Told what happens. */
  readonly onEvent?: ((event: WorkerEvent) => void) | undefined;
}
