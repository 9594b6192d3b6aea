/** Points and boxes without a pointer. */
import type { App } from "../app.ts";
import { selectedRegion } from "../state/selected-region.ts";
import type { Box, Size } from "../types.ts";

/** Photo pixels that a corner moves. */
const STEP = 1;

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/** Runs a key of the tool that is chosen; whether it was one. The middle of the stage stands for the pointer. */
export function promptKey(app: App, name: string): boolean {
  const { tool } = app.store.state;
  if (tool === "points" && (name === "Enter" || name === "Alt+Enter")) return addPoint(app, name === "Enter");
  if (tool === "box" && name.startsWith("Alt+")) return moveCorner(app, name.slice(4));
  return false;
}

function addPoint({ store, actions }: App, positive: boolean): boolean {
  const { viewport, view } = store.state;
  if (viewport === undefined || view === undefined) return false;
  const last = (size: number, place: number): number => Math.min(Math.max(Math.floor(place), 0), size - 1);
  const { width, height } = view.photo;
  actions.addPoint({ x: last(width, viewport.x), y: last(height, viewport.y), positive });
  return true;
}

function moveCorner({ store, actions }: App, name: string): boolean {
  const first = name.startsWith("Shift+");
  const by = ARROWS[first ? name.slice(6) : name];
  const region = selectedRegion(store.state);
  const { view, iteration } = store.state;
  if (by === undefined || region === undefined || view === undefined) return false;
  const box = region.own.box ?? region.iterations[iteration]?.promptBox ?? region.box;
  actions.setBox(movedCorner(box, first, by, view.photo));
  return true;
}

/** The box with its first or its last corner moved; it stays in the photo and keeps a pixel. */
export function movedCorner(
  [x0, y0, x1, y1]: Box,
  first: boolean,
  [dx, dy]: readonly [number, number],
  { width, height }: Size,
): Box {
  const between = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
  if (first) return [between(x0 + dx, 0, x1), between(y0 + dy, 0, y1), x1, y1];
  return [x0, y0, between(x1 + dx, x0, width - 1), between(y1 + dy, y0, height - 1)];
}
