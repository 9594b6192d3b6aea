/** The look shared by all sheets: a dark neutral ground, and one meaning per colour. */
import type { Colour } from "./colour.ts";

/** Ground of a sheet. */
export const GROUND: Colour = [22, 24, 29];
/** Ground of a card or placeholder on the sheet. */
export const CARD: Colour = [34, 37, 44];
/** Headings. */
export const INK: Colour = [238, 240, 244];
/** Captions. */
export const MUTED: Colour = [164, 171, 183];
/** The coarse mask, and pixels that were removed from it. Orange and blue stay apart for the colour-blind. */
export const COARSE: Colour = [255, 150, 30];
/** The refined mask, and pixels that were added. */
export const REFINED: Colour = [40, 180, 255];
/** Pixels that changed from one class to another. */
export const RELABELLED: Colour = [240, 228, 90];
/** The ground truth. */
export const TRUTH: Colour = [255, 105, 205];
/** Positive points, and what was accepted. */
export const POSITIVE: Colour = [44, 190, 96];
/** Negative points. */
export const NEGATIVE: Colour = [232, 58, 66];
/** Boxes given to SAM. */
export const BOX: Colour = [255, 226, 92];
/** What lies round every mark so that it shows on any photo. */
export const HALO: Colour = [0, 0, 0, 0.55];

/** Text scales. */
export const TITLE_SCALE = 2;
export const HEADING_SCALE = 1.5;
export const CAPTION_SCALE = 1.25;
/** Space between panels, and around a sheet, in pixels. */
export const GAP = 20;
export const MARGIN = 28;
