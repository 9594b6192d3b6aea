/** Mask files: reading, writing without loss, atomic replacement. */
export { type AtomicWriteOptions, writeFileAtomic } from "./atomic-write.ts";
export { type ColourMap, parseLabelmap, vocColours } from "./colour-map.ts";
export { encodeBinaryPNG, encodeLabelPNG } from "./encode-mask.ts";
export { makeFolderOf } from "./make-folder.ts";
export type { MaskFile, ReadMaskOptions } from "./mask-file.ts";
export { outputError } from "./output-error.ts";
export { type FileKind, peekFile, peekLength } from "./peek-file.ts";
export { readMaskFile } from "./read-mask-file.ts";
export { type PictureValues, readPictureValues } from "./read-picture-values.ts";
