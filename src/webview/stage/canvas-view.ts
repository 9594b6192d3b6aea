/** Draws the stage whenever something that it shows changed, once a frame. */

import type { App } from "../app.ts";
import { t } from "../dom/t.ts";
import { drawScene } from "../draw/draw-scene.ts";
import { MaskLayers } from "../draw/mask-layers.ts";
import { closePhoto, decodePhoto, type PhotoPyramid } from "../draw/photo-pyramid.ts";
import { panesOf } from "../geometry/panes.ts";
import { fitPhoto } from "../geometry/viewport.ts";
import type { PageState } from "../state/page-state.ts";
import type { Box } from "../types.ts";

/** Milliseconds of a frame that may go into painting masks. */
const PAINT_TIME = 8;

/** The parts of the state that a frame shows. */
const DRAWN = [
  "view",
  "regions",
  "mode",
  "tool",
  "viewport",
  "rejected",
  "selected",
  "iteration",
  "pictures",
  "showPrompts",
  "showHeat",
  "showMasks",
  "holdCoarse",
  "swipe",
  "onion",
  "blinkCoarse",
] as const satisfies readonly (keyof PageState)[];

/** The canvas and what is on it. */
export interface CanvasView {
  readonly canvas: HTMLCanvasElement;
  /** Absent while it is decoded. */
  readonly photo: PhotoPyramid | undefined;
  /** Shows a box while it is drawn; `undefined` ends it. */
  drawDraft(box: Box | undefined): void;
}

/** Makes the canvas; it follows its element's size. */
export function canvasView({ store, actions }: App): CanvasView {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { alpha: true })!;
  const layers = new MaskLayers();
  let photo: PhotoPyramid | undefined;
  let draft: Box | undefined;
  let scheduled = false;

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      draw();
    });
  };
  const draw = (): void => {
    const { state } = store;
    const { viewport, stage } = state;
    if (photo === undefined || viewport === undefined || stage.width === 0) {
      context.clearRect(0, 0, canvas.width, canvas.height);
      return;
    }
    const deadline = performance.now() + PAINT_TIME;
    const panes = panesOf(state.mode, stage);
    const ratio = canvas.width / stage.width;
    const { pictures } = state;
    if (!drawScene({ context, photo, layers, state, viewport, panes, ratio, pictures, draft, deadline })) {
      schedule();
    }
  };

  const load = async (view: NonNullable<PageState["view"]>): Promise<void> => {
    try {
      const decoded = await decodePhoto(view.photo);
      if (store.state.view?.photo !== view.photo) {
        closePhoto(decoded);
        return;
      }
      if (photo) closePhoto(photo);
      photo = decoded;
      store.update({ decoded: view.photo });
      schedule();
    } catch {
      if (store.state.view?.photo === view.photo)
        actions.notice(
          "error",
          t("The photo cannot be shown: the browser does not decode it as {0}.", view.photo.mime),
        );
    }
  };
  store.subscribe((state, before) => {
    if (state.view && state.view.photo !== before.view?.photo) {
      layers.clear();
      void load(state.view);
    }
    layers.set(state);
    if (DRAWN.some((key) => state[key] !== before[key])) schedule();
  });

  const resize = (
    { width, height }: { width: number; height: number },
    device: readonly [number, number],
  ): void => {
    [canvas.width, canvas.height] = device;
    store.update({ stage: { width, height } });
    draw();
  };
  observeSize(canvas, resize);
  store.subscribe((state, before) => {
    const { view, viewport, stage, mode, fitted } = state;
    if (view === undefined || stage.width === 0) return;
    const changed = stage !== before.stage || mode !== before.mode;
    if (viewport === undefined || (fitted && changed)) {
      store.update({ viewport: fitPhoto(view.photo, panesOf(mode, stage)[0]) });
    }
  });
  return {
    canvas,
    get photo() {
      return photo;
    },
    drawDraft: (box) => {
      draft = box;
      schedule();
    },
  };
}

/** Tells the element's size in screen and in device pixels, at first and with every change. */
function observeSize(
  target: Element,
  onSize: (size: { width: number; height: number }, device: readonly [number, number]) => void,
): void {
  const observer = new ResizeObserver(([entry]) => {
    if (entry === undefined) return;
    const { width, height } = entry.contentRect;
    const device = entry.devicePixelContentBoxSize?.[0];
    const ratio = window.devicePixelRatio;
    onSize({ width, height }, [
      device?.inlineSize ?? Math.round(width * ratio),
      device?.blockSize ?? Math.round(height * ratio),
    ]);
  });
  observer.observe(target, { box: "device-pixel-content-box" });
}
