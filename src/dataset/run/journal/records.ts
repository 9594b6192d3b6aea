/** The lines of a run's journal (docs/adr/0009-journal.md). */
import type { Box } from "../../../core/mask.ts";
import type { Verdict } from "../../../engine/cascade.ts";

/** What new journals are written in. */
export const JOURNAL_VERSION = 2;

/** What can be read: version 1 kept no changes of mask files, so that those cannot be reviewed. */
export const READABLE_VERSIONS: readonly number[] = [1, JOURNAL_VERSION];

/** What came of a region: the engine's word, or an error of its own. */
export type RegionVerdict = Verdict | "failed";

/** What was done to one region. */
export interface RegionReport {
  /** Index of its file among the photo's files. */
  readonly target: number;
  /** In annotation files the region's id; in mask files its value, and its number where a value has several parts. */
  readonly id: string;
  /** Class as the file calls it; the value in mask files. */
  readonly label: string;
  /** Whether it was refined, kept as it was, or had nothing to refine. */
  readonly verdict: RegionVerdict;
  /** Why it was kept, unchanged or failed. */
  readonly reason?: string;
  /** 0..1, higher is to be looked at first; see `doubtOf`. */
  readonly doubt: number;
  /** Tight box on the photo as displayed, both ends inclusive; absent where the region could not be read. */
  readonly box?: Box;
  /** Pixels before and after. */
  readonly area: number;
  /** Pixels after. */
  readonly refinedArea: number;
  /** IoU of the refined region with the coarse one, 0..1. */
  readonly coarseIoU: number;
  /** SAM's estimate, about 0..1. */
  readonly predictedIoU?: number;
  /** How little the mask changes with the threshold, 0..1. */
  readonly stability?: number;
  /** Boundary contrast of the result over that of the coarse region. */
  readonly contrastGain?: number;
  /** Pixels that the overlaps rule gave to other regions. */
  readonly lost?: number;
}

/** A file the photo's regions come from, with its content when it was read. */
export interface TargetStamp {
  readonly kind: "labels" | "annotations";
  /** Below the root, `/` between folders. */
  readonly path: string;
  readonly sha256: string;
  /** Id of the photo in an annotation file. */
  readonly photoId?: string;
  /** Name of an annotation file's format. */
  readonly format?: string;
  readonly siblings?: readonly FileStamp[];
}

/** A file and its content. */
export interface FileStamp {
  readonly path: string;
  readonly sha256: string;
}

/** A file that was written, or is about to be. */
export interface WrittenFile extends FileStamp {
  /** In place: sha256 of what was there before, which the store of originals holds. */
  readonly original?: string;
}

/** Refined pixels of a region, as its file lies: what results are put together from. */
export interface ChangeRecord {
  readonly target: number;
  readonly region: string;
  /** `[height, width]` as COCO writes them. */
  readonly size: readonly [height: number, width: number];
  /** Compressed counts. Annotation files: all its pixels. Mask files: those that had another value before. */
  readonly counts: string;
  /** Mask files: compressed counts of the coarse region's pixels that have another value now. */
  readonly gone?: string;
}

/** What a person decided about a region. */
export type Decision = "accepted" | "rejected";

/** A decision about a region of a photo; `null` takes an earlier one back. */
export interface DecisionRecord {
  /** {@link PhotoRecord.key} */
  readonly key: string;
  readonly target: number;
  /** {@link RegionReport.id} */
  readonly id: string;
  readonly decision: Decision | null;
}

/** Something of a photo that could not be done. */
export interface FailureRecord {
  /** The file concerned, below the root; the photo's key where all of it is. */
  readonly path: string;
  /** One sentence. */
  readonly message: string;
}

/** Milliseconds. */
export interface PhotoTimings {
  /** Reading and decoding the files. */
  readonly read: number;
  /** The encoder. */
  readonly encode: number;
  /** Decoder and method. */
  readonly refine: number;
  /** Writing the results. */
  readonly write: number;
}

/** What a session worked with. */
export interface SessionFields {
  /** When it began, ISO 8601. */
  readonly created: string;
  /** Model and its weights. */
  readonly model: { readonly name: string; readonly sha256: string };
  /** Device that runs the model. */
  readonly device: string;
  /** Everything that decides about results, resolved. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Names model and options: photos of another session are done again. */
  readonly session: string;
}

/** First line. */
export interface HeaderRecord extends SessionFields {
  readonly type: "header";
  readonly version: number;
  readonly root: string;
  /** Folder of the results; `null` when they replace their sources. */
  readonly out: string | null;
}

/** A later session continues the run. */
export interface ResumedRecord extends SessionFields {
  readonly type: "resumed";
}

/** Files that are written next; in place their originals are stored already. */
export interface WritingRecord {
  readonly type: "writing";
  readonly files: readonly WrittenFile[];
}

/** A photo is done. */
export interface PhotoRecord {
  readonly type: "photo";
  readonly key: string;
  readonly session: string;
  readonly photo: FileStamp | null;
  readonly targets: readonly TargetStamp[];
  readonly regions: readonly RegionReport[];
  readonly changes: readonly ChangeRecord[];
  readonly written: readonly WrittenFile[];
  readonly failures: readonly FailureRecord[];
  readonly notes: readonly string[];
  readonly timings: PhotoTimings;
}

/**
 * Decisions about regions of one file. The files that hold other pixels by them are written next; in place their
 * originals are stored already.
 */
export interface ReviewRecord {
  readonly type: "review";
  readonly decided: string;
  readonly decisions: readonly DecisionRecord[];
  readonly files: readonly WrittenFile[];
}

/** A file that could not be used or written; no photo's record tells. */
export interface FailedRecord {
  readonly type: "failed";
  readonly path: string;
  readonly photoId?: string;
  readonly message: string;
}

/** Sums over a run. */
export interface RunTotals {
  /** Photos that are done. */
  readonly photos: number;
  /** Photos of which something failed, and files that the plan refused. */
  readonly failed: number;
  /** Regions by their verdict. */
  readonly regions: Readonly<Record<RegionVerdict, number>>;
}

/** The run came to its end. */
export interface EndRecord {
  readonly type: "end";
  readonly ended: string;
  readonly totals: RunTotals;
}

/** Any line. */
export type JournalRecord =
  | HeaderRecord
  | ResumedRecord
  | WritingRecord
  | PhotoRecord
  | ReviewRecord
  | FailedRecord
  | EndRecord;
