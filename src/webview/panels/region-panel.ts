/** The selected region: its iterations, their candidates, its own prompts. */
import type { RegionView } from "../../protocol/views.ts";
import type { App } from "../app.ts";
import { button } from "../controls.ts";
import { element, setText } from "../dom/element.ts";
import type { PhotoPyramid } from "../draw/photo-pyramid.ts";
import { selectedRegion } from "../stage/tools.ts";
import { nameOf } from "../state/changes-of-state.ts";
import { candidates } from "./candidates.ts";
import { count } from "./figures.ts";
import { iterations } from "./iterations.ts";
import { section } from "./section.ts";
import { VERDICTS } from "./verdicts.ts";

/** The panel of the selected region. */
export function regionPanel(app: App, photo: () => PhotoPyramid | undefined): HTMLElement {
  const { store, actions } = app;
  const { root, body, note } = section("region", "Region");
  const summary = element("p", { class: "summary" });
  const own = element("span", { class: "own-text" });
  const clear = button("Clear", {
    onPress: () => actions.clearPrompts(),
    attributes: { title: "Remove own points and box (Shift+Backspace)" },
  });
  const back = button("Method's choice", {
    onPress: () => actions.choose(null),
    attributes: { title: "Take the candidate that the method chose" },
  });
  const mine = element("div", { class: "own" }, own, clear, back);
  body.append(summary, iterations(app), candidates(app, photo), mine);
  const show = (region: RegionView | undefined): void => {
    root.classList.toggle("empty", region === undefined);
    setText(note, region ? nameOf(region) : "none selected");
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
  const why = reason ?? meaning;
  const said = `${word[0]!.toUpperCase()}${word.slice(1)}: ${why[0]!.toLowerCase()}${why.slice(1)}.`;
  if (area === refinedArea) return said;
  return `${said} ${area.toLocaleString("en")} → ${refinedArea.toLocaleString("en")} pixels.`;
}

function ownWords({ own, choice }: RegionView): string {
  const parts: string[] = [];
  if (own.points.length > 0) parts.push(count(own.points.length, "own point"));
  if (own.box) parts.push("own box");
  if (choice) parts.push("own choice");
  return parts.join(", ");
}
