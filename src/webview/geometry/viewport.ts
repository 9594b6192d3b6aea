/** Which part of the photo is seen, and how large. */
import type { Box, Place, Size } from "../types.ts";

/** What a pane shows. */
export interface Viewport {
  /** Photo pixel in the middle of the pane. */
  readonly x: number;
  readonly y: number;
  /** Screen pixels per photo pixel. */
  readonly scale: number;
}

/** A part of the stage, in screen pixels. */
export interface Pane extends Size {
  readonly x: number;
  readonly y: number;
}

/** Largest magnification. */
export const MAX_SCALE = 64;
/** Share of the pane that a fitted photo takes. */
const FIT_SHARE = 0.97;
/** A tiny region is shown with its surroundings. */
const MAX_BOX_SCALE = 16;

/** Where a place of the photo lies on the stage. */
export function toScreen({ x, y, scale }: Viewport, pane: Pane, place: Place): Place {
  return {
    x: pane.x + pane.width / 2 + (place.x - x) * scale,
    y: pane.y + pane.height / 2 + (place.y - y) * scale,
  };
}

/** The place of the photo under a place of the stage. */
export function toPhoto({ x, y, scale }: Viewport, pane: Pane, place: Place): Place {
  return {
    x: x + (place.x - pane.x - pane.width / 2) / scale,
    y: y + (place.y - pane.y - pane.height / 2) / scale,
  };
}

/** The whole photo in the middle. */
export function fitPhoto(photo: Size, pane: Size): Viewport {
  const scale = Math.min(pane.width / photo.width, pane.height / photo.height) * FIT_SHARE;
  return { x: photo.width / 2, y: photo.height / 2, scale: Math.min(Math.max(scale, 1e-3), MAX_SCALE) };
}

/** A box in the middle, with a margin of half its size. */
export function fitBox([x0, y0, x1, y1]: Box, photo: Size, pane: Size): Viewport {
  const width = x1 - x0 + 1;
  const height = y1 - y0 + 1;
  const { scale } = fitPhoto({ width: 1.5 * width, height: 1.5 * height }, pane);
  const whole = fitPhoto(photo, pane).scale;
  return {
    x: x0 + width / 2,
    y: y0 + height / 2,
    scale: Math.max(Math.min(scale, MAX_BOX_SCALE), Math.min(whole, MAX_SCALE)),
  };
}

/** Zooms by a factor; the photo's place under `at` (stage) stays where it is. */
export function zoomAt(viewport: Viewport, photo: Size, pane: Pane, at: Place, factor: number): Viewport {
  const least = Math.min(1, fitPhoto(photo, pane).scale) / 2;
  const scale = Math.min(Math.max(viewport.scale * factor, least), MAX_SCALE);
  const held = toPhoto(viewport, pane, at);
  const ratio = viewport.scale / scale;
  return inside(
    { x: held.x + (viewport.x - held.x) * ratio, y: held.y + (viewport.y - held.y) * ratio, scale },
    photo,
  );
}

/** Moves the photo by screen pixels. */
export function panBy(viewport: Viewport, photo: Size, dx: number, dy: number): Viewport {
  const { x, y, scale } = viewport;
  return inside({ x: x - dx / scale, y: y - dy / scale, scale }, photo);
}

/** The same view with its middle on the photo, so that the photo cannot get lost. */
export function inside({ x, y, scale }: Viewport, { width, height }: Size): Viewport {
  return { x: Math.min(Math.max(x, 0), width), y: Math.min(Math.max(y, 0), height), scale };
}
