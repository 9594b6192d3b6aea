import type { AnnotationFormat } from "./annotation-file.ts";
import { coco, cocoResults, lvis } from "./coco/coco.ts";

/** Every annotation format that is known, in the order they are tried. */
export const annotationFormats: readonly AnnotationFormat[] = [coco, lvis, cocoResults];

/** The format of a file; `undefined` where it is in none that is known. Never throws. */
export function detectAnnotations(name: string, bytes: Uint8Array): AnnotationFormat | undefined {
  return annotationFormats.find((format) => format.detect(name, bytes));
}
