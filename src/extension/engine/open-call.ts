import type { EngineRequestOptions } from "./engine-api.ts";

/** A request that waits for its answer. */
export interface OpenCall {
  readonly method: string;
  /** What it works on: first as it was asked, then as its progress says. */
  file: string | undefined;
  /** Counts up with every word from the process; 0 before the first. */
  lastHeard: number;
  readonly onProgress: EngineRequestOptions["onProgress"];
  /** Ends it without an answer. */
  readonly fail: (error: Error) => void;
}

/** The call that was at work: the one last heard of, else the oldest. */
export function callAtWork(calls: Iterable<OpenCall>): OpenCall | undefined {
  const known = [...calls].filter(({ file }) => file !== undefined);
  return known.reduce<OpenCall | undefined>(
    (best, call) => (best === undefined || call.lastHeard > best.lastHeard ? call : best),
    undefined,
  );
}
