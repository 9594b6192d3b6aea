/** One frame of the stage. */

import type { IterationPictures } from "../../protocol/views.ts";
import type { Pane, Viewport } from "../geometry/viewport.ts";
import type { PageState } from "../state/page-state.ts";
import { selectedRegion } from "../state/selected-region.ts";
import type { Box } from "../types.ts";
import { drawMarks } from "./draw-marks.ts";
import { drawPixelGrid } from "./draw-pixel-grid.ts";
import { heatImage } from "./heat-image.ts";
import type { MaskLayers, Side } from "./mask-layers.ts";
import { drawPhoto, type PhotoPyramid, SHARP_FROM } from "./photo-pyramid.ts";
import type { Placement, TileLayer } from "./tile-layer.ts";

/** What a frame is made of. */
export interface Scene {
  readonly context: CanvasRenderingContext2D;
  readonly photo: PhotoPyramid;
  readonly layers: MaskLayers;
  readonly state: PageState;
  readonly viewport: Viewport;
  readonly panes: readonly Pane[];
  /** Device pixels per screen pixel. */
  readonly ratio: number;
  /** Of the iteration shown, once they are there. */
  readonly pictures: IterationPictures | undefined;
  /** The box being drawn. */
  readonly draft: Box | undefined;
  /** Until when tiles may be painted in this frame. */
  readonly deadline: number;
}

type Clip = Placement["clip"];

/** Draws the frame. Returns whether all is painted; if not, another frame is due. */
export function drawScene(scene: Scene): boolean {
  const { context, panes, ratio } = scene;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  return panes.map((pane, i) => drawPane(scene, pane, i, ratio)).every(Boolean);
}

function drawPane(scene: Scene, pane: Pane, index: number, ratio: number): boolean {
  const { context, photo, viewport, state } = scene;
  const scale = viewport.scale * ratio;
  const clip = deviceClip(pane, ratio);
  const placement: Placement = {
    left: Math.round(clip.x + clip.width / 2 - viewport.x * scale),
    top: Math.round(clip.y + clip.height / 2 - viewport.y * scale),
    scale,
    clip,
  };
  context.save();
  clipTo(context, clip);
  drawPhoto(context, photo, placement, viewport.scale >= SHARP_FROM);
  if (state.mode === "difference" && !state.holdCoarse) dim(context, photo, placement);
  drawHeat(scene, placement);
  const complete = !state.showMasks || drawMasks(scene, placement, index);
  drawPixelGrid(context, photo, placement);
  context.scale(ratio, ratio);
  drawPrompts(scene, pane);
  context.restore();
  return complete;
}

function deviceClip(pane: Pane, ratio: number): Clip {
  const x = Math.round(pane.x * ratio);
  const y = Math.round(pane.y * ratio);
  return {
    x,
    y,
    width: Math.round((pane.x + pane.width) * ratio) - x,
    height: Math.round((pane.y + pane.height) * ratio) - y,
  };
}

function clipTo(context: CanvasRenderingContext2D, { x, y, width, height }: Clip): void {
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
}

/** Changes stand out from a photo that steps back. */
function dim(context: CanvasRenderingContext2D, photo: PhotoPyramid, { left, top, scale }: Placement): void {
  context.fillStyle = "rgba(18, 20, 24, 0.62)";
  context.fillRect(left, top, photo.width * scale, photo.height * scale);
}

/** The masks of the mode; whether all was painted. */
function drawMasks(scene: Scene, placement: Placement, pane: number): boolean {
  const { mode, holdCoarse, blinkCoarse, onion } = scene.state;
  if (holdCoarse) return drawSide(scene, "coarse", placement);
  switch (mode) {
    case "swipe":
      return drawSwipe(scene, placement);
    case "side-by-side":
      return drawSide(scene, pane === 0 ? "coarse" : "result", placement);
    case "onion-skin":
      return both(
        drawSide(scene, "coarse", placement, 1 - onion),
        drawSide(scene, "result", placement, onion),
      );
    case "blink":
      return drawSide(scene, blinkCoarse ? "coarse" : "result", placement);
    case "difference":
      return both(
        drawLayer(scene, scene.layers.changes, placement),
        drawLayer(scene, scene.layers.selection.result, placement, 0.8),
      );
    case "contour":
      return both(
        drawLayer(scene, scene.layers.lines.coarse, placement),
        drawLayer(scene, scene.layers.lines.result, placement),
      );
  }
}

/** Not `&&`: the second is drawn in any case. */
function both(first: boolean, second: boolean): boolean {
  return first && second;
}

function drawSwipe(scene: Scene, placement: Placement): boolean {
  const { context, state } = scene;
  const { clip } = placement;
  const left = Math.round(clip.width * state.swipe);
  const parts = [
    ["coarse", { ...clip, width: left }],
    ["result", { ...clip, x: clip.x + left, width: clip.width - left }],
  ] as const;
  const done = parts.map(([side, part]) => {
    context.save();
    clipTo(context, part);
    const complete = drawSide(scene, side, { ...placement, clip: part });
    context.restore();
    return complete;
  });
  return done.every(Boolean);
}

function drawSide(scene: Scene, side: Side, placement: Placement, opacity = 1): boolean {
  if (opacity === 0) return true;
  const { filled, selection } = scene.layers;
  return both(
    // Two colours over one another would be neither.
    heatOf(scene) !== undefined || drawLayer(scene, filled[side], placement, opacity),
    drawLayer(scene, selection[side], placement, opacity),
  );
}

function drawLayer(scene: Scene, layer: TileLayer, placement: Placement, opacity = 1): boolean {
  const { context, photo, deadline } = scene;
  context.globalAlpha = opacity;
  const complete = layer.draw(context, photo, placement, deadline);
  context.globalAlpha = 1;
  return complete;
}

/** The mask prompt to be shown. */
function heatOf({ state, pictures }: Scene): IterationPictures["heat"] {
  return state.showHeat ? pictures?.heat : undefined;
}

/** The mask prompt lies over the photo's padded square. */
function drawHeat(scene: Scene, { left, top, scale }: Placement): void {
  const { context, photo } = scene;
  const heat = heatOf(scene);
  if (heat === undefined) return;
  const side = Math.max(photo.width, photo.height) * scale;
  context.save();
  context.beginPath();
  context.rect(left, top, photo.width * scale, photo.height * scale);
  context.clip();
  context.drawImage(heatImage(heat), left, top, side, side);
  context.restore();
}

function drawPrompts({ context, state, viewport, draft }: Scene, pane: Pane): void {
  const { iteration, showPrompts, tool } = state;
  const region = selectedRegion(state);
  if (region === undefined || (!showPrompts && tool === "pan")) return;
  drawMarks(
    context,
    {
      iteration: showPrompts || tool === "box" ? region.iterations[iteration] : undefined,
      own: region.own,
      draft,
      handles: tool === "box",
    },
    viewport,
    pane,
  );
}
