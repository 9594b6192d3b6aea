/** Prompts over the photo: marks of the same size at every zoom. */
import type { IterationView, OwnPoint, OwnPrompts } from "../../protocol/views.ts";
import { BOX, NEGATIVE, POSITIVE } from "../../render/theme.ts";
import { type Pane, toScreen, type Viewport } from "../geometry/viewport.ts";
import type { Box, Place } from "../types.ts";

/** What is marked. */
export interface Marks {
  readonly iteration?: IterationView | undefined;
  readonly own: OwnPrompts;
  /** The box being drawn. */
  readonly draft?: Box | undefined;
  /** Whether the corners of the own box show that it can be drawn again. */
  readonly handles: boolean;
}

const HALO_COLOUR = "rgba(0, 0, 0, 0.65)";
const RADIUS = 7;
const css = ([red, green, blue]: readonly number[] | readonly [number, number, number, number?]): string =>
  `rgb(${red}, ${green}, ${blue})`;

/** Draws boxes, then points. The context is in screen pixels. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  { iteration, own, draft, handles }: Marks,
  viewport: Viewport,
  pane: Pane,
): void {
  const corners = (box: Box) => screenBox(box, viewport, pane);
  const given = draft ?? own.box ?? iteration?.promptBox;
  if (given) strokeBox(context, corners(given), css(BOX), []);
  if (iteration?.tightBox) strokeBox(context, corners(iteration.tightBox), "#fff", [6, 5]);
  if (handles && given) drawHandles(context, corners(given));
  const at = (point: OwnPoint): Place => toScreen(viewport, pane, { x: point.x + 0.5, y: point.y + 0.5 });
  for (const point of iteration?.points ?? []) {
    if (!own.points.some((mine) => samePlace(mine, point)))
      drawPoint(context, at(point), point.positive, false);
  }
  for (const point of own.points) drawPoint(context, at(point), point.positive, true);
}

/** `[left, top, width, height]` on the stage; the last pixels belong to the box. */
type Rectangle = readonly [left: number, top: number, width: number, height: number];

function screenBox([x0, y0, x1, y1]: Box, viewport: Viewport, pane: Pane): Rectangle {
  const from = toScreen(viewport, pane, { x: x0, y: y0 });
  const to = toScreen(viewport, pane, { x: x1 + 1, y: y1 + 1 });
  const left = Math.round(from.x);
  const top = Math.round(from.y);
  return [left, top, Math.round(to.x) - left, Math.round(to.y) - top];
}

export function samePlace(a: Place, b: Place): boolean {
  return a.x === b.x && a.y === b.y;
}

function strokeBox(context: CanvasRenderingContext2D, box: Rectangle, colour: string, dash: number[]): void {
  context.setLineDash(dash);
  context.strokeStyle = HALO_COLOUR;
  context.lineWidth = 4;
  context.strokeRect(...box);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.strokeRect(...box);
  context.setLineDash([]);
}

function drawHandles(context: CanvasRenderingContext2D, [left, top, width, height]: Rectangle): void {
  for (const [x, y] of [
    [left, top],
    [left + width, top],
    [left, top + height],
    [left + width, top + height],
  ] as const) {
    context.fillStyle = HALO_COLOUR;
    context.fillRect(x - 5, y - 5, 10, 10);
    context.fillStyle = css(BOX);
    context.fillRect(x - 4, y - 4, 8, 8);
  }
}

/** A disc with plus or minus; a person's own has a second ring. */
function drawPoint(
  context: CanvasRenderingContext2D,
  { x, y }: Place,
  positive: boolean,
  own: boolean,
): void {
  disc(context, x, y, RADIUS + (own ? 5 : 2), HALO_COLOUR);
  if (own) disc(context, x, y, RADIUS + 4, css(positive ? POSITIVE : NEGATIVE));
  disc(context, x, y, RADIUS + 1.5, "#fff");
  disc(context, x, y, RADIUS, css(positive ? POSITIVE : NEGATIVE));
  context.fillStyle = "#fff";
  context.fillRect(x - 4, y - 1, 8, 2);
  if (positive) context.fillRect(x - 1, y - 4, 2, 8);
}

function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number, colour: string): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
}
