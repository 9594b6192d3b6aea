import type { LabelMap } from "../core/mask.ts";
import { blend } from "./blend.ts";
import type { Colour } from "./colour.ts";
import { type ContourOptions, cached, defaultIgnoreLabel, drawContour } from "./contour.ts";
import { copyPicture, type Picture } from "./picture.ts";
import { assertSameSize } from "./same-size.ts";

/** How an overlay looks. */
export interface OverlayOptions extends ContourOptions {
  /** Opacity of the fill, 0..1. @default 0.45 */
  readonly opacity?: number;
}

const HATCH_PERIOD = 8;

/**
 * The photo under a translucent fill and a crisp contour for every label; the ignore label is hatched.
 *
 * @throws RangeError if the sizes differ
 */
export function overlay(photo: Picture, labels: LabelMap, options: OverlayOptions = {}): Picture {
  assertSameSize("The label map", labels, "the photo", photo);
  const picture = copyPicture(photo);
  drawFill(picture, labels, options);
  if (options.thickness !== 0) drawContour(picture, labels, options);
  return picture;
}

function drawFill(picture: Picture, labels: LabelMap, options: OverlayOptions): void {
  const { opacity = 0.45, colour, ignoreLabel = defaultIgnoreLabel(labels) } = options;
  const colours = new Map<number, Colour>();
  for (let i = 0; i < labels.data.length; i++) {
    const id = labels.data[i]!;
    if (id === 0) continue;
    const ignored = id === ignoreLabel;
    const ink = ignored || !colour ? cached(colours, id, ignoreLabel) : colour;
    blend(picture, i, ink, ignored && onStripe(i, picture.width) ? opacity * 1.8 : opacity);
  }
}

function onStripe(index: number, width: number): boolean {
  const x = index % width;
  const y = (index - x) / width;
  return (x + y) % HATCH_PERIOD < HATCH_PERIOD / 2;
}
