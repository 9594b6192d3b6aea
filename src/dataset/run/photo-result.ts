/** What a run tells of each photo. */
import type { FailureRecord, PhotoTimings, RegionReport } from "./journal/records.ts";

/** A photo that is done, or a file that could not be used. */
export interface PhotoResult {
  /** The photo's path below the dataset's folder, `/` between folders; a refused file's where there is no photo. */
  readonly key: string;
  /** `done`: all of it. `failed`: something of it, see `failures`. `known`: an earlier session had done all of it. */
  readonly status: "done" | "failed" | "known";
  /** In the order of the files; empty for `known`, whose regions are in the report. */
  readonly regions: readonly RegionReport[];
  /** Absolute paths of the files that were written; annotation files of several photos come with the last of them. */
  readonly written: readonly string[];
  /** What could not be used, and why. */
  readonly failures: readonly FailureRecord[];
  /** What was decided on the way, one sentence each. */
  readonly notes: readonly string[];
  /** Milliseconds. */
  readonly timings: PhotoTimings;
}

/** Milliseconds of nothing. */
export const NO_TIME: PhotoTimings = { read: 0, encode: 0, refine: 0, write: 0 };
