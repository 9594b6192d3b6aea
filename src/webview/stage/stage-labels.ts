/** What is seen where: names over the masks, and the colours of changes. */
import type { App } from "../app.ts";
import { element, setText } from "../dom/element.ts";
import type { PageState } from "../state/page-state.ts";

/** The names of what lies left and right, or of all; empty ones are not shown. */
export function stageWords(
  state: Pick<PageState, "mode" | "holdCoarse" | "blinkCoarse" | "showMasks">,
): readonly [string, string] {
  if (!state.showMasks) return ["Masks hidden", ""];
  if (state.holdCoarse) return ["Coarse", ""];
  switch (state.mode) {
    case "swipe":
    case "side-by-side":
      return ["Coarse", "Refined"];
    case "onion-skin":
      return ["Coarse and refined", ""];
    case "blink":
      return [state.blinkCoarse ? "Coarse" : "Refined", ""];
    case "difference":
    case "contour":
      return ["", ""];
  }
}

const LEGENDS = {
  difference: [
    ["added", "Added"],
    ["removed", "Removed"],
    ["relabelled", "Other region"],
  ],
  contour: [
    ["line-coarse", "Coarse (dashed)"],
    ["line-refined", "Refined"],
  ],
} as const;

/** Labels and legend; they lie over the stage. */
export function stageLabels({ store }: App): HTMLElement {
  const first = element("div", { class: "stage-label first" });
  const second = element("div", { class: "stage-label second" });
  const legend = element("ul", { class: "legend", attributes: { "aria-label": "Legend" } });
  const root = element("div", { class: "stage-labels" }, first, second, legend);
  let shownLegend: string | undefined;
  const showLegend = (mode: string | undefined): void => {
    if (mode === shownLegend) return;
    shownLegend = mode;
    const entries = mode === "difference" || mode === "contour" ? LEGENDS[mode] : [];
    legend.hidden = entries.length === 0;
    legend.replaceChildren(
      ...entries.map(([key, text]) =>
        element("li", {}, element("span", { class: `key ${key}` }), element("span", { text })),
      ),
    );
  };
  const show = (): void => {
    const { state } = store;
    const [left, right] = state.view ? stageWords(state) : ["", ""];
    setText(first, left);
    setText(second, right);
    first.hidden = left === "";
    second.hidden = right === "";
    root.classList.toggle("middle", state.mode === "side-by-side" && state.stage.width >= state.stage.height);
    root.classList.toggle("stacked", state.mode === "side-by-side" && state.stage.width < state.stage.height);
    showLegend(state.view && !state.holdCoarse && state.showMasks ? state.mode : undefined);
  };
  store.subscribe(show);
  show();
  return root;
}
