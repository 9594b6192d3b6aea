/** What a click or a drag on the stage means with each tool. */

import type { OwnPoint, RegionView } from "../../protocol/views.ts";
import type { App } from "../app.ts";
import { paneAt, panesOf } from "../geometry/panes.ts";
import { toPhoto, toScreen } from "../geometry/viewport.ts";
import { hasPixel, spansOf } from "../masks/spans.ts";
import type { PageState } from "../state/page-state.ts";
import { selectedRegion } from "../state/selected-region.ts";
import type { Box, Place, Size } from "../types.ts";
import type { CanvasView } from "./canvas-view.ts";
import { placeIn, type ToolPointer } from "./pan-zoom.ts";

/** Screen pixels around a point or a corner that belong to it. */
const REACH = 10;

/** The pointer of the tool that is chosen. */
export function toolPointer(
  target: HTMLElement,
  { store, actions }: App,
  view: Pick<CanvasView, "drawDraft">,
): ToolPointer {
  let start: Place | undefined;
  let box: Box | undefined;

  const end = (): void => {
    start = undefined;
    box = undefined;
    view.drawDraft(undefined);
  };
  const pixelAt = (at: Place): Place | undefined => photoPixel(store.state, at);
  const click = (at: Place, event: PointerEvent): void => {
    const pixel = pixelAt(at);
    if (store.state.tool === "points") placePoint(at, pixel, !event.altKey);
    else if (pixel) selectAt(pixel);
  };
  const placePoint = (at: Place, pixel: Place | undefined, positive: boolean): void => {
    const near = pointNear(store.state, at);
    if (near) actions.removePoint(near);
    else if (pixel && selectedRegion(store.state)) actions.addPoint({ ...pixel, positive });
    else if (pixel) selectAt(pixel);
  };
  const selectAt = (pixel: Place): void => {
    const region = regionAt(store.state, pixel);
    if (region) actions.select(region.id);
  };
  return {
    takesDrag: (event) => {
      const at = placeIn(target, event);
      start = oppositeCorner(store.state, at) ?? at;
      return store.state.tool === "box" && selectedRegion(store.state) !== undefined;
    },
    drag: (event) => {
      if (start) box = boxBetween(store.state, start, placeIn(target, event));
      view.drawDraft(box);
    },
    drop: () => {
      if (box) actions.setBox(box);
      end();
    },
    cancel: () => end(),
    click: (event) => {
      click(placeIn(target, event), event);
      end();
    },
  };
}

/** The photo's pixel under a place of the stage; `undefined` beside the photo. */
export function photoPixel({ view, viewport, mode, stage }: PageState, at: Place): Place | undefined {
  if (view === undefined || viewport === undefined) return undefined;
  const { x, y } = toPhoto(viewport, paneAt(panesOf(mode, stage), at), at);
  const pixel = { x: Math.floor(x), y: Math.floor(y) };
  const { width, height } = view.photo;
  return pixel.x >= 0 && pixel.y >= 0 && pixel.x < width && pixel.y < height ? pixel : undefined;
}

/** The smallest region that holds a pixel in either mask. */
export function regionAt({ regions }: Pick<PageState, "regions">, pixel: Place): RegionView | undefined {
  return regions
    .filter(({ coarse, refined }) => hasPixel(spansOf(refined), pixel) || hasPixel(spansOf(coarse), pixel))
    .sort((a, b) => a.area - b.area)[0];
}

function pointNear(state: PageState, at: Place): OwnPoint | undefined {
  const { viewport, mode, stage } = state;
  if (viewport === undefined) return undefined;
  const pane = paneAt(panesOf(mode, stage), at);
  return selectedRegion(state)?.own.points.findLast((point) => {
    const shown = toScreen(viewport, pane, { x: point.x + 0.5, y: point.y + 0.5 });
    return Math.hypot(shown.x - at.x, shown.y - at.y) <= REACH;
  });
}

/** The corner that stays while the one under a place of the stage is dragged. */
function oppositeCorner(state: PageState, at: Place): Place | undefined {
  const { viewport, mode, stage, iteration } = state;
  const region = selectedRegion(state);
  const box = region?.own.box ?? region?.iterations[iteration]?.promptBox;
  if (viewport === undefined || box === undefined) return undefined;
  const pane = paneAt(panesOf(mode, stage), at);
  const [x0, y0, x1, y1] = box;
  // The middles of the corners' pixels, so that a box that is dragged back is the same.
  const corners = [x0, x1].flatMap((x) => [y0, y1].map((y) => ({ x: x + 0.5, y: y + 0.5 })));
  const shown = corners.map((corner) => toScreen(viewport, pane, corner));
  const reach = REACH + viewport.scale / 2;
  const grabbed = shown.findIndex(({ x, y }) => Math.hypot(x - at.x, y - at.y) <= reach);
  return shown[shown.length - 1 - grabbed];
}

/** The box between two places of the stage, cut at the photo's ends. */
function boxBetween(state: PageState, from: Place, to: Place): Box | undefined {
  const { view, viewport, mode, stage } = state;
  if (view === undefined || viewport === undefined) return undefined;
  const pane = paneAt(panesOf(mode, stage), from);
  const a = cut(toPhoto(viewport, pane, from), view.photo);
  const b = cut(toPhoto(viewport, pane, to), view.photo);
  return [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)];
}

function cut({ x, y }: Place, { width, height }: Size): Place {
  return {
    x: Math.min(Math.max(Math.floor(x), 0), width - 1),
    y: Math.min(Math.max(Math.floor(y), 0), height - 1),
  };
}
