/** The line between coarse and refined in swipe mode: dragged, or moved with arrow keys. */

import type { App } from "../app.ts";
import { element } from "../dom/element.ts";
import { t } from "../dom/t.ts";
import { watch } from "../state/store.ts";

const STEP = 0.02;
const LARGE_STEP = 0.1;

/** The divider; it lies over the stage. */
export function divider({ store }: App): HTMLElement {
  const root = element(
    "div",
    {
      class: "divider",
      attributes: {
        role: "slider",
        tabindex: "0",
        "aria-label": t("Divider between coarse and refined mask"),
        "aria-orientation": "horizontal",
        "aria-valuemin": "0",
        "aria-valuemax": "100",
      },
    },
    element("div", { class: "divider-grip" }),
  );
  const move = (swipe: number): void => store.update({ swipe: Math.min(Math.max(swipe, 0), 1) });
  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    root.focus({ preventScroll: true });
    root.setPointerCapture(event.pointerId);
  });
  root.addEventListener("pointermove", (event) => {
    if (!root.hasPointerCapture(event.pointerId)) return;
    const { left, width } = root.parentElement!.getBoundingClientRect();
    move((event.clientX - left) / width);
  });
  root.addEventListener("keydown", (event) => {
    const next = keyMove(event, store.state.swipe);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(next);
  });
  const show = (): void => {
    const { swipe, mode, holdCoarse, showMasks, view } = store.state;
    root.hidden = mode !== "swipe" || holdCoarse || !showMasks || view === undefined;
    root.style.left = `${100 * swipe}%`;
    const percent = Math.round(100 * swipe);
    root.setAttribute("aria-valuenow", String(percent));
    root.setAttribute("aria-valuetext", t("{0} % coarse, {1} % refined", percent, 100 - percent));
  };
  watch(store, ["swipe", "mode", "holdCoarse", "showMasks", "view"], show);
  return root;
}

/** Where a key moves the divider; `undefined` for other keys. */
export function keyMove(
  { key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">,
  swipe: number,
): number | undefined {
  const step = shiftKey ? LARGE_STEP : STEP;
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return swipe - step;
    case "ArrowRight":
    case "ArrowUp":
      return swipe + step;
    case "PageDown":
      return swipe - LARGE_STEP;
    case "PageUp":
      return swipe + LARGE_STEP;
    case "Home":
      return 0;
    case "End":
      return 1;
    default:
      return undefined;
  }
}
