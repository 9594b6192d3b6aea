/** The selected region: its iterations, their candidates, its own prompts. */

import type { RegionView } from "../../protocol/views.ts";
import type { App } from "../app.ts";
import { button } from "../controls.ts";
import { element, setText } from "../dom/element.ts";
import { t } from "../dom/t.ts";
import type { PhotoPyramid } from "../draw/photo-pyramid.ts";
import { nameOf } from "../state/changes-of-state.ts";
import { selectedRegion } from "../state/selected-region.ts";
import { candidates } from "./candidates.ts";
import { capitalised } from "./figures.ts";
import { iterations } from "./iterations.ts";
import { section } from "./section.ts";
import { VERDICTS } from "./verdicts.ts";

/** The panel of the selected region. */
export function regionPanel(app: App, photo: () => PhotoPyramid | undefined): HTMLElement {
  const { store, actions } = app;
  const { root, body, note } = section("region", t("Region"));
  const summary = element("p", { class: "summary" });
  const own = element("span", { class: "own-text" });
  const clear = button(t("Clear"), {
    onPress: () => actions.clearPrompts(),
    attributes: { title: t("Remove own points and box (Shift+Backspace)") },
  });
  const back = button(t("Method's choice"), {
    onPress: () => actions.choose(null),
    attributes: { title: t("Take the candidate that the method chose") },
  });
  const mine = element("div", { class: "own" }, own, clear, back);
  body.append(summary, iterations(app), candidates(app, photo), mine);
  const show = (region: RegionView | undefined): void => {
    root.classList.toggle("empty", region === undefined);
    setText(note, region ? nameOf(region) : t("none selected"));
    setText(summary, region ? summaryOf(region) : "");
    const text = region ? ownWords(region) : "";
    setText(own, text);
    mine.hidden = text === "";
    clear.hidden = region === undefined || (region.own.points.length === 0 && region.own.box === undefined);
    back.hidden = region?.choice === undefined;
  };
  store.subscribe((state, before) => {
    const region = selectedRegion(state);
    if (region !== selectedRegion(before)) show(region);
  });
  show(undefined);
  return root;
}

/** What became of a region, in a sentence. */
export function summaryOf({ verdict, reason, area, refinedArea }: RegionView): string {
  const { word, meaning } = VERDICTS[verdict];
  const said = `${capitalised(word)}: ${reason ?? meaning}.`;
  if (area === refinedArea) return said;
  return `${said} ${t("{0} → {1} pixels.", area.toLocaleString("en"), refinedArea.toLocaleString("en"))}`;
}

function ownWords({ own, choice }: RegionView): string {
  const points = own.points.length;
  const parts = [
    ...(points === 0 ? [] : [points === 1 ? t("1 own point") : t("{0} own points", points)]),
    ...(own.box ? [t("own box")] : []),
    ...(choice ? [t("own choice")] : []),
  ];
  return parts.join(", ");
}
