/** What a run over a dataset will do: which masks lie on which photo. */
import type { InputError } from "../../core/errors.ts";
import type { LabelMap } from "../../core/mask.ts";
import type { MaskMode } from "../../core/settings.ts";
import type { MaskReading } from "../load-mask.ts";

/** A file that shows the same regions in another way and must stay in agreement, as Cityscapes' trainIds do. */
export interface Sibling {
  /** Absolute path. */
  readonly path: string;
  /** Path below the dataset's root, `/` between folders. */
  readonly relative: string;
  /** Names the rule that it follows by, so that a worker elsewhere can. */
  readonly rule: string;
  /**
   * The sibling's bytes after its target went from `before` to `after`, both as the target's file stores its
   * pixels, not as a turned photo shows them; its own bytes where nothing changed.
   *
   * @param original the sibling's bytes where the file has been replaced
   * @throws {InputError} when the files do not agree to begin with
   */
  follow(before: LabelMap, after: LabelMap, original?: Uint8Array): Promise<Uint8Array>;
}

/** A mask file: one object, or a label map. */
export interface LabelTarget {
  /** Tells the kinds apart. */
  readonly kind: "labels";
  /** Absolute path. */
  readonly path: string;
  /** Path below the dataset's root, `/` between folders. */
  readonly relative: string;
  /** What the layout says that its values are; `undefined` leaves it to the file. */
  readonly mode?: MaskMode;
  /** How its values are to be read. */
  readonly reading?: MaskReading;
  /** Files that are written with it. */
  readonly siblings: readonly Sibling[];
}

/** One photo's regions in an annotation file. */
export interface AnnotationTarget {
  /** Tells the kinds apart. */
  readonly kind: "annotations";
  /** Absolute path. */
  readonly path: string;
  /** Path below the dataset's root, `/` between folders. */
  readonly relative: string;
  /** {@link AnnotatedPhoto.id} in the file. */
  readonly photoId: string;
  /** Name of the file's format in `annotationFormats`. */
  readonly format: string;
}

/** Something to refine on a photo. */
export type Target = LabelTarget | AnnotationTarget;

/** One photo and everything in the dataset that lies on it: it is encoded once. */
export interface PhotoWork {
  /** The photo's path below the dataset's root where it lies there, else its absolute path; `/` between folders. */
  readonly key: string;
  /** Absolute path. */
  readonly photo: string;
  /** Files with regions on it. */
  readonly targets: readonly Target[];
}

/** A file, or a photo of an annotation file, that cannot be used. */
export interface Refusal {
  /** Absolute path. */
  readonly path: string;
  /** Path below the dataset's folder. */
  readonly relative: string;
  /** {@link AnnotatedPhoto.id} when only one photo of an annotation file is concerned. */
  readonly photoId?: string;
  /** Why it cannot be used. */
  readonly error: InputError;
}

/** A dataset as it was found. */
export interface DatasetPlan {
  /** Absolute folder that all relative paths start from. */
  readonly root: string;
  /** Sorted by key: the order does not depend on the file system. */
  readonly works: readonly PhotoWork[];
  /** Files that cannot be used. */
  readonly refused: readonly Refusal[];
  /** What was decided on the way, one sentence each. */
  readonly notes: readonly string[];
}
