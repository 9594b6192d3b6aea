/** A file of a run whose regions are reviewed. */
import { resolve } from "node:path";
import type { Journal } from "../run/journal/journal.ts";
import type { JournalState } from "../run/journal/journal-state.ts";
import type { DecisionRecord } from "../run/journal/records.ts";

/** A run's journal, open. */
export interface ReviewPlace {
  readonly journal: Journal;
  readonly state: JournalState;
}

/** A file with new decisions about its regions. */
export interface ReviewedFile {
  /** Below the root, `/` between folders. */
  readonly path: string;
  readonly kind: "labels" | "annotations";
  /** One or more. */
  readonly decisions: readonly DecisionRecord[];
  /** Whether the decisions are noted already, and the results were not written. */
  readonly unsettled: boolean;
}

/** Ids of regions that keep their coarse pixels, for each photo and file. */
export type Rejections = (key: string, target: number) => ReadonlySet<string>;

/** What a file of the results is to hold. */
export interface ComposedFile {
  /** Below the root, `/` between folders. */
  readonly path: string;
  /** Its source, and the sha256 of it. */
  readonly source: Uint8Array;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** Absolute path of a source. */
export function sourcePath({ state }: ReviewPlace, path: string): string {
  return resolve(state.header.root, path);
}

/** Absolute path of a result. */
export function resultPath({ state }: ReviewPlace, path: string): string {
  return resolve(state.header.out ?? state.header.root, path);
}
