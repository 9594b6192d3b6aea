/** A refiner for the time of a command. */
import { createRefiner, type Refiner, type RefinerOptions } from "../sdk/mod.ts";
import { orStop } from "./stop.ts";
import type { Terminal } from "./terminal.ts";

/** Opens a refiner, works with it and closes it, whatever happens; the progress display ends with it. */
export async function withRefiner(
  options: RefinerOptions,
  terminal: Terminal,
  signal: AbortSignal,
  work: (refiner: Refiner) => Promise<void>,
): Promise<void> {
  terminal.progress({ label: "loading the model" });
  try {
    const refiner = await orStop(
      createRefiner({ ...options, onNotice: (notice) => terminal.note(notice) }),
      signal,
    );
    try {
      await work(refiner);
    } finally {
      await refiner.close();
    }
  } finally {
    terminal.clear();
  }
}
