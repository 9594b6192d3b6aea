/** Workers of a queue. */
import { checkDevice } from "../../engine/devices.ts";
import type { WorkerOptions } from "../../queue/work/worker-options.ts";
import { defaultCacheDir } from "../cache-dir.ts";
import { checkCall, checkCount, checkPathOption } from "../check-options.ts";

/**
 * Takes photos from a queue and refines them, one at a time, until the signal aborts; then it finishes its photo or hands
 * it back. Which model, adaptor and options a photo is refined with is said by its run: a known model that is not here is
 * fetched, any other one comes with the run. A photo that this machine cannot refine goes back to the queue.
 *
 * @throws {InputError} when the queue cannot be reached, or it or a job in it is another release's
 * @throws {OptionError} for options that are none
 * @example
 * ```ts
 * import { workOnQueue } from "samrefiner";
 * async function work(signal: AbortSignal): Promise<void> {
 *   await workOnQueue({ queue: "redis://queue:6379", root: "/mnt/shared", signal, onEvent: console.log });
 * }
 * ```
 */
export async function workOnQueue(options: WorkerOptions = {}): Promise<void> {
  checkCall(options);
  const { device = "auto", cacheDir = defaultCacheDir() } = options;
  checkDevice(device);
  checkPathOption("root", options.root);
  checkPathOption("cacheDir", options.cacheDir);
  for (const name of ["threads", "concurrency", "cacheBytes"] as const) checkCount(name, options[name]);
  const { workOnQueue: work } = await import("../../queue/work/work-on-queue.ts");
  await work({ ...options, cacheDir });
}
