/** What an evaluation is asked for, and what it says. */
import type { CocoScores } from "../../core/metrics/average-precision/coco-scores.ts";
import type { MaskReading } from "../load-mask.ts";

/** How predictions are compared with a ground truth. */
export interface EvaluateOptions extends MaskReading {
  /** Whether 0 is a class of its own, as VOC's mIoU and Cityscapes' trainIds have it. Mask files only. @default false */
  readonly background?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each photo. */
  readonly onPhoto?: ((done: number, total: number) => void) | undefined;
}

/** What every evaluation says besides its scores, one sentence each. */
export interface EvaluationRemarks {
  /** What could not be compared: missing and extra files or objects, files that cannot be used. The rest was. */
  readonly problems: readonly string[];
  /** What was decided on the way. */
  readonly notes: readonly string[];
}

/** An evaluation, told apart by `kind`. All scores are fractions of 1. */
export type Evaluation = LabelEvaluation | InstanceEvaluation | CocoEvaluation;

/** Mask files: binary masks or label maps. */
export interface LabelEvaluation extends EvaluationRemarks {
  readonly kind: "labels";
  readonly overall: LabelMeans;
  /** By label; of a class that the ground truth has nowhere, `photos` is 0 and it does not count in the means. */
  readonly classes: readonly LabelClassScores[];
  readonly photos: readonly LabelPhotoScores[];
}

/** Means over photos, and over classes. */
export interface LabelMeans {
  /** Photos that were compared. */
  readonly photos: number;
  /** Mean over photos of the mean IoU of the classes that the photo's ground truth has. */
  readonly iou: number;
  /** The same of boundary IoU. */
  readonly boundaryIoU: number;
  /** Mean over classes of the IoU of all photos' pixels together; absent where the ground truth is empty. */
  readonly mIoU?: number;
  /** The same of the boundaries' pixels. */
  readonly mBoundaryIoU?: number;
  /** Mean boundary accuracy over the photos that have a contour; absent without any. */
  readonly mBA?: number;
}

/** One class: the pixels of all photos together. */
export interface LabelClassScores {
  readonly label: number;
  /** Photos whose ground truth has the class. */
  readonly photos: number;
  readonly iou: number;
  readonly boundaryIoU: number;
}

/** One photo. */
export interface LabelPhotoScores {
  /** Path of the ground truth, below its folder where one was given. */
  readonly name: string;
  readonly iou: number;
  readonly boundaryIoU: number;
  /** Absent where the ground truth has no contour. */
  readonly mBA?: number;
}

/** Two annotation files that hold the same objects. */
export interface InstanceEvaluation extends EvaluationRemarks {
  readonly kind: "instances";
  readonly overall: InstanceMeans;
  readonly classes: readonly InstanceClassScores[];
  readonly instances: readonly InstanceScores[];
}

/** Means over objects. */
export interface InstanceMeans {
  readonly instances: number;
  readonly iou: number;
  readonly boundaryIoU: number;
}

/** Means over the objects of a class. */
export interface InstanceClassScores extends InstanceMeans {
  /** Class as the ground truth calls it. */
  readonly label: string;
}

/** One object. */
export interface InstanceScores {
  readonly photo: string;
  /** Id of the object in its file. */
  readonly id: string;
  readonly label: string;
  readonly iou: number;
  readonly boundaryIoU: number;
}

/** A COCO ground truth and a file of COCO results. Scores are -1 where there is nothing to be found. */
export interface CocoEvaluation extends EvaluationRemarks {
  readonly kind: "coco";
  readonly overall: CocoMeans;
  readonly classes: readonly CocoClassScores[];
}

/** COCO's twelve scores, by mask IoU and by the lower of mask IoU and boundary IoU. */
export interface CocoMeans {
  readonly photos: number;
  readonly objects: number;
  readonly detections: number;
  readonly mask: CocoScores;
  readonly boundary: CocoScores;
}

/** The scores of a class. */
export interface CocoClassScores {
  readonly id: number | string;
  readonly label: string;
  /** Objects in the ground truth, crowds included. */
  readonly objects: number;
  readonly detections: number;
  readonly mask: CocoScores;
  readonly boundary: CocoScores;
}
