/** One line of the region list; lines are reused for other regions as the list is scrolled. */

import type { RegionView } from "../../protocol/views.ts";
import type { App } from "../app.ts";
import { checkbox } from "../controls.ts";
import { element, setText } from "../dom/element.ts";
import { icon } from "../dom/icons.ts";
import { t } from "../dom/t.ts";
import { nameOf } from "../state/changes-of-state.ts";
import { share } from "./figures.ts";
import { rowWords } from "./row-words.ts";
import { VERDICTS } from "./verdicts.ts";

/** What a line shows. */
export interface RowContent {
  readonly region: RegionView;
  /** Place in the list, from 0. */
  readonly index: number;
  readonly accepted: boolean;
  readonly selected: boolean;
}

/** A line of the list. */
export interface RegionRow {
  readonly root: HTMLElement;
  show(content: RowContent): void;
}

/** Makes an empty line. */
export function regionRow({ actions }: App): RegionRow {
  let shown: RowContent | undefined;
  const accept = checkbox({ attributes: { tabindex: "-1" } }, () => {
    if (shown) actions.toggle(shown.region.id);
  });
  const swatch = element("span", { class: "swatch" });
  const name = element("span", { class: "name" });
  const verdict = element("span", { class: "verdict" });
  const coarse = element("span", { class: "figure" });
  const predicted = element("span", { class: "figure" });
  const bar = element("span", { class: "doubt-bar" });
  const doubt = element("span", { class: "doubt" }, bar);
  const cell = (child: HTMLElement, kind: string): HTMLElement =>
    element("div", { class: `cell ${kind}`, attributes: { role: "gridcell" } }, child);
  const root = element(
    "div",
    { class: "region-row", attributes: { role: "row" } },
    cell(accept.root, "accept"),
    cell(swatch, "colour"),
    cell(name, "named"),
    cell(verdict, "judged"),
    cell(coarse, "coarse-iou"),
    cell(predicted, "predicted-iou"),
    cell(doubt, "doubted"),
  );
  root.addEventListener("click", (event) => {
    if (shown && !accept.root.contains(event.target as Node)) actions.select(shown.region.id);
  });
  root.addEventListener("dblclick", () => {
    if (shown) actions.zoomToRegion(shown.region.id);
  });
  const showVerdict = ({ verdict: kind, reason, own }: RegionView): void => {
    const { icon: drawing, word, meaning } = VERDICTS[kind];
    verdict.className = `verdict ${kind}`;
    verdict.title = reason ?? meaning;
    const mine = own.points.length > 0 || own.box !== undefined ? " *" : "";
    verdict.replaceChildren(icon(drawing), element("span", { text: word + mine }));
  };
  return {
    root,
    show: (content) => {
      const { region, index, accepted, selected } = content;
      const before = shown;
      shown = content;
      root.id = `region-${region.id}`;
      root.style.setProperty("--row", String(index));
      root.setAttribute("aria-rowindex", String(index + 2));
      root.setAttribute("aria-selected", String(selected));
      root.classList.toggle("rejected", !accepted);
      accept.set(accepted);
      if (before?.region === region && before.accepted === accepted) return;
      const text = nameOf(region);
      accept.root.setAttribute("aria-label", t("Accept {0}", text));
      swatch.style.backgroundColor = region.colour;
      setText(name, text);
      name.title = t("{0}: {1} → {2} pixels", text, region.area, region.refinedArea);
      showVerdict(region);
      setText(coarse, share(region.coarseIoU));
      setText(predicted, share(region.predictedIoU));
      bar.style.width = `${Math.round(100 * region.doubt)}%`;
      doubt.title = t("Doubt {0}", share(region.doubt));
      root.setAttribute("aria-label", rowWords(region, accepted));
    },
  };
}
