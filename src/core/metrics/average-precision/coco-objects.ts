/** What average precision is computed from. */
import type { RunLengthMask } from "../../run-length.ts";

/** An object of the ground truth. */
export interface CocoObject {
  readonly category: number | string;
  readonly mask: RunLengthMask;
  /** Pixels as the file states them: what the area ranges go by. */
  readonly area: number;
  /** Many objects as one: any number of detections may lie in it, and none counts. */
  readonly crowd: boolean;
  /** Counts neither when found nor when missed. Crowds are always ignored. @default false */
  readonly ignore?: boolean;
}

/** A detected object. */
export interface CocoDetection {
  readonly category: number | string;
  readonly mask: RunLengthMask;
  /** Pixels: what the area ranges go by. */
  readonly area: number;
  /** Higher is surer; finite. */
  readonly score: number;
}
