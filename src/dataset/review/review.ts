/** A finished run as people go through it: region by region, each accepted or rejected. */
import type { MaskMode, MethodSettings, PresetName } from "../../core/settings.ts";
import type { Decision, FailureRecord, RegionReport } from "../run/journal/records.ts";

/** Names a region of a run. */
export interface ReviewedName {
  /** The photo, see {@link PhotoWork.key}. */
  readonly key: string;
  /** Index of the region's file among the photo's files. */
  readonly target: number;
  /** See {@link RegionReport.id}. */
  readonly id: string;
}

/** A region with what is known about it. */
export interface ReviewedRegion
  extends ReviewedName,
    Pick<
      RegionReport,
      "label" | "verdict" | "reason" | "doubt" | "box" | "area" | "refinedArea" | "coarseIoU" | "predictedIoU"
    > {
  /** Absent before somebody decided. */
  readonly decision?: Decision;
}

/** A photo of the run. */
export interface ReviewedPhoto {
  /** The photo's path below the dataset's folder, `/` between folders. */
  readonly key: string;
  /** Absolute path. */
  readonly photo: string;
  /** Absolute paths of the sources that {@link ReviewedName.target} counts. */
  readonly files: readonly string[];
  /** The same files as the run read them: where it replaced them, in its store of originals. */
  readonly originals: readonly string[];
}

/** How masks were refined. */
export interface ReviewedMethod {
  /** Preset of the run. */
  readonly preset: PresetName;
  /** Those that differ from the preset's. */
  readonly settings: Partial<MethodSettings>;
  /** How mask values were refined. */
  readonly mode: MaskMode | "auto";
  /** Path of its adaptor, where it had one from a file. */
  readonly adaptor?: string;
}

/** A journal opened for review. */
export interface RunReview {
  /** Absolute path. */
  readonly journal: string;
  /** Absolute folder of the dataset. */
  readonly root: string;
  /** Folder of the results; `null` when they replaced their sources. */
  readonly out: string | null;
  /** When the run began, and came to its end; absent while it has not. ISO 8601. */
  readonly created: string;
  /** When it ended; absent while it has not. */
  readonly ended?: string;
  /** What the run's last session worked with. */
  readonly method: ReviewedMethod;
  /** In the order of the run. */
  readonly photos: readonly ReviewedPhoto[];
  /** Most doubtful first. */
  readonly regions: readonly ReviewedRegion[];
  /** What could not be used, and why. */
  readonly failures: readonly FailureRecord[];
}

/** A decision about a region; `null` takes an earlier one back. */
export interface RegionDecision extends ReviewedName {
  /** What was decided; `null` takes a decision back. */
  readonly decision: Decision | null;
}

/** What came of decisions. */
export interface DecidedReview {
  /** Absolute paths of the files that were written; those that held the right pixels already are not among them. */
  readonly written: readonly string[];
  /** Files whose decisions were not taken, and why. */
  readonly failures: readonly FailureRecord[];
}
