/** The cascade's iterations of the selected region, one to be shown. */

import type { IterationView } from "../../protocol/views.ts";
import type { App } from "../app.ts";
import { element, setText } from "../dom/element.ts";
import { icon } from "../dom/icons.ts";
import { t } from "../dom/t.ts";
import { selectedRegion } from "../state/selected-region.ts";
import { capitalised } from "./figures.ts";
import { radioKeys } from "./radio-keys.ts";

const SOURCES: Readonly<Record<IterationView["source"], string>> = {
  coarse: t("Prompts from the coarse mask"),
  best: t("Prompts from the best mask so far"),
  grown: t("Prompts from a grown mask"),
  previous: t("Prompts from the iteration before"),
};

/** The selector. */
export function iterations({ store, actions }: App): HTMLElement {
  const group = element("div", {
    class: "iterations",
    attributes: { role: "radiogroup", "aria-label": t("Cascade iteration") },
  });
  const told = element("p", { class: "told" });
  const root = element("div", { class: "iteration-block" }, group, told);
  radioKeys(group);
  const item = (iteration: IterationView, index: number, shown: boolean): HTMLElement =>
    element(
      "button",
      {
        class: `iteration ${iteration.accepted ? "accepted" : "rejected"}`,
        attributes: {
          type: "button",
          role: "radio",
          "aria-checked": String(shown),
          tabindex: shown ? "0" : "-1",
          "aria-label": t("Iteration {0}, {1}", index + 1, outcome(iteration)),
          title: `${SOURCES[iteration.source]}; ${outcome(iteration)}`,
        },
        on: { click: () => actions.showIteration(index) },
      },
      element("span", { text: iteration.source === "grown" ? t("{0} grown", index + 1) : String(index + 1) }),
      icon(iteration.source === "grown" ? "dash" : iteration.accepted ? "check" : "close"),
    );
  store.subscribe((state, before) => {
    const region = selectedRegion(state);
    if (region === selectedRegion(before) && state.iteration === before.iteration) return;
    const focused = group.contains(document.activeElement);
    const all = region?.iterations ?? [];
    root.hidden = all.length === 0;
    group.replaceChildren(...all.map((iteration, i) => item(iteration, i, i === state.iteration)));
    if (focused) group.querySelector<HTMLElement>("[tabindex='0']")?.focus();
    const shown = all[state.iteration];
    setText(told, shown ? `${SOURCES[shown.source]}. ${sentence(shown)}` : "");
  });
  return root;
}

function outcome({ source, accepted }: IterationView): string {
  if (source === "grown") return t("passed on");
  return accepted ? t("accepted") : t("not accepted");
}

function sentence(iteration: IterationView): string {
  const { contrast } = iteration;
  const said = capitalised(outcome(iteration));
  return contrast === undefined ? `${said}.` : t("{0}, contrast {1}.", said, contrast.toFixed(2));
}
