import type { LabelMap } from "../core/mask.ts";
import { blend } from "./blend.ts";
import { classColour } from "./class-colours.ts";
import type { Colour } from "./colour.ts";
import { EDGE, labelEdges } from "./label-edges.ts";
import { copyPicture, type Picture } from "./picture.ts";
import { assertSameSize } from "./same-size.ts";
import { HALO } from "./theme.ts";

/** How contours look. */
export interface ContourOptions {
  /** Pixels. @default 2 */
  readonly thickness?: number;
  /** One colour for all labels. @default each label's class colour */
  readonly colour?: Colour;
  /** Id drawn in gray; `null` for none. @default 255 in 8-bit label maps */
  readonly ignoreLabel?: number | null;
}

/**
 * The photo with the contours of a mask or label map, each on the inner side of its boundary, with a dark halo
 * on the outer side.
 *
 * @throws RangeError if the sizes differ
 */
export function contour(photo: Picture, labels: LabelMap, options: ContourOptions = {}): Picture {
  assertSameSize("The label map", labels, "the photo", photo);
  const picture = copyPicture(photo);
  drawContour(picture, labels, options);
  return picture;
}

/** Draws the contours on the picture itself. */
export function drawContour(picture: Picture, labels: LabelMap, options: ContourOptions = {}): void {
  const { thickness = 2, colour, ignoreLabel = defaultIgnoreLabel(labels) } = options;
  const edges = labelEdges(labels, thickness);
  const colours = new Map<number, Colour>();
  for (let i = 0; i < edges.length; i++) {
    if (edges[i] === 0) continue;
    const ink = edges[i] === EDGE ? (colour ?? cached(colours, labels.data[i]!, ignoreLabel)) : HALO;
    blend(picture, i, ink, ink[3] ?? 1);
  }
}

/** 255 in 8-bit maps that hold another id too (alone, 255 is the foreground of a mask file), else none. */
export function defaultIgnoreLabel({ data }: LabelMap): number | null {
  if (data instanceof Uint16Array || !data.includes(255)) return null;
  return data.some((id) => id !== 0 && id !== 255) ? 255 : null;
}

/** The class colour of an id, computed once. */
export function cached(colours: Map<number, Colour>, id: number, ignoreLabel: number | null): Colour {
  let colour = colours.get(id);
  if (!colour) {
    colour = classColour(id, ignoreLabel);
    colours.set(id, colour);
  }
  return colour;
}
