/** The candidates of the iteration shown, as thumbnails; one is the region's result. */

import type { CandidateView, RegionView } from "../../protocol/views.ts";
import type { App } from "../app.ts";
import { element } from "../dom/element.ts";
import { icon } from "../dom/icons.ts";
import { t } from "../dom/t.ts";
import { hexColour } from "../draw/ink.ts";
import type { PhotoPyramid } from "../draw/photo-pyramid.ts";
import { drawThumbnail } from "../draw/thumbnail.ts";
import type { PageState } from "../state/page-state.ts";
import { selectedRegion } from "../state/selected-region.ts";
import { share } from "./figures.ts";
import { radioKeys } from "./radio-keys.ts";

/** Screen pixels of a thumbnail. */
const WIDTH = 96;
const HEIGHT = 72;

/** Which candidate of the iteration is the region's: a person's choice, else the method's. */
export function chosenToken(region: RegionView, iteration: number): number | undefined {
  if (region.choice) return region.choice.iteration === iteration ? region.choice.token : undefined;
  return region.iterations[iteration]?.candidates.find(({ chosen }) => chosen)?.token;
}

/** The thumbnails. */
export function candidates({ store, actions }: App, photo: () => PhotoPyramid | undefined): HTMLElement {
  const root = element("div", {
    class: "candidates",
    attributes: { role: "radiogroup", "aria-label": t("Candidates") },
  });
  radioKeys(root, { press: false });
  const item = (
    candidate: CandidateView,
    canvas: HTMLElement,
    chosen: boolean,
    focusable: boolean,
  ): HTMLElement =>
    element(
      "button",
      {
        class: "candidate",
        attributes: {
          type: "button",
          role: "radio",
          "aria-checked": String(chosen),
          tabindex: focusable ? "0" : "-1",
          "aria-label": candidateWords(candidate),
          title: t("{0}. Click to take it.", candidateWords(candidate)),
        },
        on: {
          click: () => actions.choose({ iteration: store.state.iteration, token: candidate.token }),
        },
      },
      canvas,
      element("span", { class: "badge" }, icon("check")),
      element("span", { class: "score", text: share(candidate.predictedIoU) }),
    );
  const show = (state: PageState): void => {
    const { pictures, iteration } = state;
    const region = selectedRegion(state);
    const all = region?.iterations[iteration]?.candidates ?? [];
    const focused = root.contains(document.activeElement);
    root.hidden = all.length === 0;
    if (region === undefined) return;
    const chosen = chosenToken(region, iteration);
    root.replaceChildren(
      ...all.map((candidate, i) => {
        const canvas = emptyThumbnail();
        const mask = pictures?.candidates[i];
        if (mask) drawThumbnail(canvas, photo(), mask, region.box, hexColour(region.colour));
        const isChosen = candidate.token === chosen;
        return item(candidate, canvas, isChosen, isChosen || (chosen === undefined && i === 0));
      }),
    );
    if (focused) root.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  };
  store.subscribe((state, before) => {
    const same =
      selectedRegion(state) === selectedRegion(before) &&
      state.iteration === before.iteration &&
      state.decoded === before.decoded &&
      state.pictures === before.pictures;
    if (!same) show(state);
  });
  return root;
}

function emptyThumbnail(): HTMLCanvasElement {
  const canvas = element("canvas", { class: "thumbnail" });
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(WIDTH * ratio);
  canvas.height = Math.round(HEIGHT * ratio);
  return canvas;
}

function candidateWords({ token, predictedIoU, stability, coarseIoU }: CandidateView): string {
  const name = token === 0 ? t("Single-mask candidate") : t("Candidate {0}", token);
  const figures = [predictedIoU, stability, coarseIoU].map(share);
  return t("{0}: predicted IoU {1}, stability {2}, coarse IoU {3}", name, ...figures);
}
