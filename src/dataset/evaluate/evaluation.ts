/** What an evaluation is asked for, and what it says. */
import type { CocoScores } from "../../core/metrics/average-precision/coco-scores.ts";
import type { MaskReading } from "../load-mask.ts";

/** How predictions are compared with a ground truth. */
export interface EvaluateOptions extends MaskReading {
  /** Whether 0 is a class of its own, as VOC's mIoU and Cityscapes' trainIds have it. Mask files only. @default false */
  readonly background?: boolean | undefined;
  /** Stops the call; it then throws the signal's reason. */
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
  /** Tells the kinds apart. */
  readonly kind: "labels";
  /** All of it together. */
  readonly overall: LabelMeans;
  /** By label; of a class that the ground truth has nowhere, `photos` is 0 and it does not count in the means. */
  readonly classes: readonly LabelClassScores[];
  /** Photos. */
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
  /** Class as its file calls it. */
  readonly label: number;
  /** Photos whose ground truth has the class. */
  readonly photos: number;
  /** IoU with the ground truth, 0..1. */
  readonly iou: number;
  /** Boundary IoU with the ground truth, 0..1. */
  readonly boundaryIoU: number;
}

/** One photo. */
export interface LabelPhotoScores {
  /** Path of the ground truth, below its folder where one was given. */
  readonly name: string;
  /** IoU with the ground truth, 0..1. */
  readonly iou: number;
  /** Boundary IoU with the ground truth, 0..1. */
  readonly boundaryIoU: number;
  /** Absent where the ground truth has no contour. */
  readonly mBA?: number;
}

/** Two annotation files that hold the same objects. */
export interface InstanceEvaluation extends EvaluationRemarks {
  /** Tells the kinds apart. */
  readonly kind: "instances";
  /** All of it together. */
  readonly overall: InstanceMeans;
  /** Class by class. */
  readonly classes: readonly InstanceClassScores[];
  /** Objects. */
  readonly instances: readonly InstanceScores[];
}

/** Means over objects. */
export interface InstanceMeans {
  /** Objects. */
  readonly instances: number;
  /** IoU with the ground truth, 0..1. */
  readonly iou: number;
  /** Boundary IoU with the ground truth, 0..1. */
  readonly boundaryIoU: number;
}

/** Means over the objects of a class. */
export interface InstanceClassScores extends InstanceMeans {
  /** Class as the ground truth calls it. */
  readonly label: string;
}

/** One object. */
export interface InstanceScores {
  /** Photo the object lies on. */
  readonly photo: string;
  /** Id of the object in its file. */
  readonly id: string;
  /** Class as its file calls it. */
  readonly label: string;
  /** IoU with the ground truth, 0..1. */
  readonly iou: number;
  /** Boundary IoU with the ground truth, 0..1. */
  readonly boundaryIoU: number;
}

/** A COCO ground truth and a file of COCO results. Scores are -1 where there is nothing to be found. */
export interface CocoEvaluation extends EvaluationRemarks {
  /** Tells the kinds apart. */
  readonly kind: "coco";
  /** All of it together. */
  readonly overall: CocoMeans;
  /** Class by class. */
  readonly classes: readonly CocoClassScores[];
}

/** COCO's twelve scores, by mask IoU and by the lower of mask IoU and boundary IoU. */
export interface CocoMeans {
  /** Photos. */
  readonly photos: number;
  /** Objects of the ground truth. */
  readonly objects: number;
  /** Predicted objects. */
  readonly detections: number;
  /** Scores by mask IoU. */
  readonly mask: CocoScores;
  /** Scores by the lower of mask IoU and boundary IoU. */
  readonly boundary: CocoScores;
}

/** The scores of a class. */
export interface CocoClassScores {
  /** Id of the class. */
  readonly id: number | string;
  /** Class as its file calls it. */
  readonly label: string;
  /** Objects in the ground truth, crowds included. */
  readonly objects: number;
  /** Predicted objects. */
  readonly detections: number;
  /** Scores by mask IoU. */
  readonly mask: CocoScores;
  /** Scores by the lower of mask IoU and boundary IoU. */
  readonly boundary: CocoScores;
}
