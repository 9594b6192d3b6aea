/** Names for what the messages carry; the page knows the rooms below only through them. */
import type { MethodChoice, RegionView, SessionView } from "../protocol/views.ts";

/** `[x0, y0, x1, y1]` in photo pixels, both ends inclusive. */
export type Box = RegionView["box"];
export type MethodSettings = SessionView["resolved"];
export type PresetName = MethodChoice["preset"];

/** A place in photo pixels; (0, 0) is the top-left corner of the first pixel. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
