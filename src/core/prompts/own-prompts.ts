/** Prompts that a person gives, beside what is excavated. */
import { type Box, boxUnion, type Point } from "../mask.ts";
import type { Prompts } from "./excavate.ts";

/** A point that the caller adds. */
export interface OwnPoint extends Point {
  /** Whether it lies on the object. */
  readonly positive: boolean;
}

/** Prompts of the caller for one region. */
export interface OwnPrompts {
  /**
   * Added to the excavated points in every iteration; photo pixels. The object of a positive point outside of the coarse
   * mask is added to it first, that of a negative point inside is taken away. @default []
   */
  readonly points?: readonly OwnPoint[];
  /**
   * Replaces the excavated box in every iteration; both ends inclusive, photo pixels. Of the coarse mask only what lies
   * in it counts.
   */
  readonly box?: Box;
}

/** The prompts with the caller's own; an excavated box is widened to hold the caller's positive points. */
export function addOwnPrompts(found: Prompts, { points = [], box }: OwnPrompts): Prompts {
  const own = box ?? (found.box && points.filter(({ positive }) => positive).reduce(widened, found.box));
  return {
    ...found,
    ...(own === undefined ? {} : { box: own }),
    ...(points.length === 0 ? {} : { own: points }),
  };
}

/** A box that leaves out a point of its object would contradict it. */
function widened(box: Box, { x, y }: Point): Box {
  return boxUnion(box, [x, y, x, y]);
}
