/** A file whose regions are open, and the regions as they were read. */
import type { Box, LabelMap } from "../../core/mask.ts";
import type { MaskMode } from "../../core/settings.ts";
import type { AnnotationFile } from "../../formats/annotations/annotation-file.ts";
import type { LoadedMask, Turn } from "../load-mask.ts";
import type { AnnotationTarget, LabelTarget } from "../plan/dataset-plan.ts";
import type { Claim } from "./outcome.ts";
import type { SessionMask } from "./refinement-session.ts";
import type { Stretches } from "./stretches.ts";

/** A region as its file has it. */
export interface ReadRegion {
  readonly name: string;
  readonly label: string;
  /** `#rrggbb` */
  readonly colour: string;
  /** Value in a mask file; 1 in annotation files. */
  readonly value: number;
  /** The photo's box where the region could not be read. */
  readonly box: Box;
  readonly coarse: Stretches;
  /** Why it is not refined. */
  readonly fixed?: { readonly verdict: "unchanged" | "failed"; readonly reason: string };
}

interface FileBase {
  readonly path: string;
  /** As it was read. */
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly mode: MaskMode;
  readonly view: SessionMask;
  readonly regions: readonly ReadRegion[];
}

/** A mask file. */
export interface LabelFile extends FileBase {
  readonly kind: "labels";
  readonly target: LabelTarget;
  readonly mask: LoadedMask;
  readonly map: LabelMap;
  /** sha256 of each of the target's siblings. */
  readonly siblings: readonly string[];
  /** Parts that are too small to refine: they keep their pixels. */
  readonly rest: readonly { readonly value: number; readonly claim: Claim }[];
}

/** An annotation file. */
export interface AnnotatedFile extends FileBase {
  readonly kind: "annotations";
  readonly target: AnnotationTarget;
  readonly file: AnnotationFile;
  readonly turn: Turn | undefined;
}

/** A file whose regions are open. */
export type SessionFile = LabelFile | AnnotatedFile;
