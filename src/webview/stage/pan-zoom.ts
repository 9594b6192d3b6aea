/** Wheel, pinch and drag. */
import type { App } from "../app.ts";
import { paneAt, panesOf } from "../geometry/panes.ts";
import type { Place } from "../types.ts";

/** What a tool makes of the pointer. */
export interface ToolPointer {
  /** Whether it takes a drag that starts here; else the drag moves the photo. */
  takesDrag(event: PointerEvent): boolean;
  drag(event: PointerEvent): void;
  drop(event: PointerEvent): void;
  cancel(): void;
  /** A press that did not move. */
  click(event: PointerEvent): void;
}

/** A press under way. */
interface Press {
  readonly start: Place;
  last: Place;
  readonly means: "tool" | "pan" | "click-or-pan";
  moved: boolean;
}

/** Screen pixels that a click may move. */
const CLICK_SLACK = 4;
/** Screen pixels of a wheel's line. */
const LINE = 16;
const WHEEL_SPEED = 0.0016;
/** A pinch on a touchpad comes as a wheel with Ctrl, in smaller steps. */
const PINCH_SPEED = 0.01;

/** Lets the pointer move over the photo; `tool` goes first. */
export function panAndZoom(target: HTMLElement, { store, actions }: App, tool: ToolPointer): void {
  const down = new Map<number, Press>();
  let spaceHeld = false;

  target.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
      if (event.shiftKey && !event.ctrlKey) {
        actions.pan(-(event.deltaX || event.deltaY) * unit, 0);
        return;
      }
      const at = placeIn(target, event);
      const pane = paneAt(panesOf(store.state.mode, store.state.stage), at);
      const speed = event.ctrlKey ? PINCH_SPEED : WHEEL_SPEED;
      actions.zoom(Math.exp(-event.deltaY * unit * speed), at, pane);
    },
    { passive: false },
  );
  target.addEventListener("pointerdown", (event) => {
    if (event.button > 1) return;
    event.preventDefault();
    target.focus({ preventScroll: true });
    target.setPointerCapture(event.pointerId);
    const start = placeIn(target, event);
    down.set(event.pointerId, { start, last: start, means: meaning(event), moved: false });
    if (down.size > 1) tool.cancel();
  });
  const meaning = (event: PointerEvent): Press["means"] => {
    if (spaceHeld || event.button === 1 || down.size > 0) return "pan";
    return tool.takesDrag(event) ? "tool" : "click-or-pan";
  };
  target.addEventListener("pointermove", (event) => {
    const press = down.get(event.pointerId);
    if (press === undefined) return;
    const now = placeIn(target, event);
    press.moved ||= distance(press.start, now) > CLICK_SLACK;
    if (!press.moved) return;
    if (down.size > 1) pinch(event.pointerId, press.last, now);
    else if (press.means === "tool") tool.drag(event);
    else {
      target.classList.add("dragging");
      actions.pan(now.x - press.last.x, now.y - press.last.y);
    }
    press.last = now;
  });
  target.addEventListener("pointerup", (event) => {
    const press = down.get(event.pointerId);
    if (press === undefined) return;
    lift(event.pointerId);
    if (press.means === "pan") return;
    if (!press.moved) tool.click(event);
    else if (press.means === "tool") tool.drop(event);
  });
  target.addEventListener("pointercancel", (event) => {
    if (down.has(event.pointerId)) tool.cancel();
    lift(event.pointerId);
  });
  const lift = (id: number): void => {
    down.delete(id);
    if (down.size === 0) target.classList.remove("dragging");
  };

  const pinch = (id: number, before: Place, now: Place): void => {
    const other = [...down].find(([key]) => key !== id)?.[1].last;
    if (other === undefined) return;
    const factor = distance(now, other) / Math.max(distance(before, other), 1);
    actions.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    const at = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    actions.zoom(factor, at, paneAt(panesOf(store.state.mode, store.state.stage), at));
  };

  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || (event.target !== target && event.target !== document.body)) return;
    spaceHeld = true;
    target.classList.add("space-held");
    event.preventDefault();
  });
  const letGo = (): void => {
    spaceHeld = false;
    target.classList.remove("space-held");
  };
  document.addEventListener("keyup", (event) => {
    if (event.key === " ") letGo();
  });
  window.addEventListener("blur", letGo);
}

/** Where the pointer is in an element, in screen pixels. */
export function placeIn(target: Element, { clientX, clientY }: MouseEvent): Place {
  const { left, top } = target.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

function distance(a: Place, b: Place): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
