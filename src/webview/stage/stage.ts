/** The photo with its masks, and what lies over it. */

import type { App } from "../app.ts";
import { progressRing } from "../controls.ts";
import { element, setText } from "../dom/element.ts";
import { t } from "../dom/t.ts";
import type { PhotoPyramid } from "../draw/photo-pyramid.ts";
import { capitalised } from "../panels/figures.ts";
import { notices } from "../panels/notices.ts";
import { canvasView } from "./canvas-view.ts";
import { divider } from "./divider.ts";
import { legend } from "./legend.ts";
import { modeBar } from "./mode-bar.ts";
import { panAndZoom, placeIn } from "./pan-zoom.ts";
import { readout } from "./readout.ts";
import { stageLabels } from "./stage-labels.ts";
import { photoPixel, toolPointer } from "./tools.ts";

/** The stage's parts. */
export interface Stage {
  readonly root: HTMLElement;
  /** What takes the pointer and keys. */
  readonly surface: HTMLElement;
  /** Absent while it is decoded. */
  readonly photo: () => PhotoPyramid | undefined;
}

/** The stage with its status line. */
export function stage(app: App): Stage {
  const view = canvasView(app);
  const { canvas } = view;
  canvas.className = "canvas";
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-roledescription", t("photo with masks"));
  panAndZoom(canvas, app, toolPointer(canvas, app, view));
  const cursor = (event: PointerEvent): void =>
    app.store.update({ cursor: photoPixel(app.store.state, placeIn(canvas, event)) });
  canvas.addEventListener("pointermove", cursor);
  canvas.addEventListener("pointerleave", () => app.store.update({ cursor: undefined }));
  app.store.subscribe((state, before) => {
    if (state.tool !== before.tool) canvas.dataset["tool"] = state.tool;
    if (state.title !== before.title)
      canvas.setAttribute("aria-label", t("{0}, press ? for keys", state.title));
  });
  const frame = element(
    "div",
    { class: "stage" },
    canvas,
    element("div", { class: "crosshair" }),
    divider(app),
    stageLabels(app),
    legend(app),
    modeBar(app),
    waiting(app),
    notices(app),
  );
  const root = element("main", { class: "stage-column" }, frame, readout(app, view));
  return { root, surface: canvas, photo: () => view.photo };
}

/** Shown while there is nothing else to show. */
function waiting({ store }: App): HTMLElement {
  const text = element("p", { text: t("Opening …") });
  const ring = progressRing();
  const root = element("div", { class: "waiting", attributes: { role: "status" } }, ring, text);
  store.subscribe(({ view, failure, progress }) => {
    root.hidden = view !== undefined;
    ring.hidden = failure !== undefined;
    root.classList.toggle("failed", failure !== undefined);
    setText(text, failure ?? (progress ? `${capitalised(progress.stage)} …` : t("Opening …")));
  });
  return root;
}
