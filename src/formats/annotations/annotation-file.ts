/** An annotation file: regions with class and instance identity on one photo or many, and the way back into it. */
import type { Mask } from "../../core/mask.ts";
import type { RunLengthMask } from "../../core/run-length.ts";

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** One object, or one part of a class, as the file describes it. */
export interface AnnotatedRegion {
  /** Unique in its file, the same at every reading of the same bytes, for example `annotations/17`. */
  readonly id: string;
  /** Class as the file calls it: its name where there is one, else its number. */
  readonly label: string;
  /** What tells instances of one class apart, as the file calls it. */
  readonly instance?: string;
  /** Why this region is never refined: a crowd, a rectangle, a line, a point, an ignored area. */
  readonly skip?: string;
  /** Drawing order within the photo; a higher one lies above. */
  readonly order: number;
  /**
   * The region's pixels on a photo of this size.
   *
   * @throws {InputError} for broken geometry: NaN, runs of a wrong total, another size
   */
  mask(size: Size): Mask;
}

/** The annotations of one photo. */
export interface AnnotatedPhoto {
  /** Unique in its file. */
  readonly id: string;
  /** The photo as the file links it, `/` between folders; `undefined` where only file names pair. */
  readonly link: string | undefined;
  /** Size as the file states it. */
  readonly size: Size | undefined;
  readonly regions: readonly AnnotatedRegion[];
}

/** A region's refined pixels. */
export interface RegionChange {
  /** {@link AnnotatedRegion.id} */
  readonly region: string;
  readonly mask: RunLengthMask;
}

/** How changed regions are written. */
export interface GeometryOptions {
  /** `same`: polygons stay polygons and masks stay masks. `mask`: masks wherever the format has them. @default "same" */
  readonly geometry?: "same" | "mask" | "polygon";
  /** Most pixels that a traced outline may leave the mask's exact outline. @default 0.5 */
  readonly tolerance?: number;
  /**
   * Parts and holes of fewer pixels than this are left out of traced outlines, the smallest first, as long as they are
   * less than a hundredth of the region together; 0 keeps all. Masks keep every pixel.
   *
   * @default 32
   */
  readonly leastPart?: number;
}

/** A written annotation file. */
export interface WrittenAnnotations {
  readonly bytes: Uint8Array;
  /** What the format could not hold, one sentence each. */
  readonly notes: readonly string[];
}

/** One annotation file, whatever its format. */
export interface AnnotationFile {
  /** What messages call the file. */
  readonly name: string;
  readonly format: string;
  readonly photos: readonly AnnotatedPhoto[];
  /** What the reader had to decide, one sentence each. */
  readonly notes: readonly string[];
  /**
   * The file with these regions changed: everything else keeps its bytes; without changes it is the file itself.
   *
   * @throws {RangeError} for a region that the file does not have
   */
  write(changes: Iterable<RegionChange>, options?: GeometryOptions): WrittenAnnotations;
}

/** A kind of annotation file. */
export interface AnnotationFormat {
  /** Short name, for example `coco`. */
  readonly name: string;
  /** Whether bytes under this name look like the format; cheap, and never throws. */
  detect(name: string, bytes: Uint8Array): boolean;
  /**
   * Reads a file. Bytes are not copied and must not change afterwards.
   *
   * @param name what messages call the file, usually its path
   * @throws {InputError} one sentence: the file, what was found, what was expected
   */
  read(name: string, bytes: Uint8Array): AnnotationFile;
}
