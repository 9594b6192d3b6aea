import type { AnnotationFormat } from "./annotation-file.ts";
import { coco, cocoResults, lvis } from "./coco/coco.ts";
import { cvat } from "./cvat/cvat.ts";
import { isat } from "./isat/isat.ts";
import { labelme } from "./labelme/labelme.ts";
import { via } from "./via/via.ts";
import { yoloSeg } from "./yolo-seg.ts";

/** Every annotation format that is known, in the order they are tried. */
export const annotationFormats: readonly AnnotationFormat[] = [
  coco,
  lvis,
  cocoResults,
  labelme,
  via,
  isat,
  cvat,
  yoloSeg,
];

/** The format of a file; `undefined` where it is in none that is known. Never throws. */
export function detectAnnotations(name: string, bytes: Uint8Array): AnnotationFormat | undefined {
  return annotationFormats.find((format) => format.detect(name, bytes));
}
