import { AsyncLocalStorage } from "node:async_hooks";

/** A cell's run in the main thread. */
export interface Run {
  readonly id: string;
  readonly controller: AbortController;
}

/**
 * Before Node 24 following a run needs hooks into every promise, and code that is stopped from outside inside of such a
 * hook takes the process down.
 */
const context = Number.parseInt(process.versions.node, 10) >= 24 ? new AsyncLocalStorage<Run>() : undefined;
let latest: Run = makeRun("");

/** Starts a run: what `work` starts belongs to it, also timers that go on afterwards, where Node can tell. */
export function startRun<T>(id: string, work: () => T): T {
  latest = makeRun(id);
  return context === undefined ? work() : context.run(latest, work);
}

/** The run that the calling code belongs to; the latest where Node cannot tell. */
export function currentRun(): Run {
  return context?.getStore() ?? latest;
}

/** The run that was started last. */
export function latestRun(): Run {
  return latest;
}

function makeRun(id: string): Run {
  return { id, controller: new AbortController() };
}
