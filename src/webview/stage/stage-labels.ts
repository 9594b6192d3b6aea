/** What is seen where: names over the masks. */

import type { App } from "../app.ts";
import { element, setText } from "../dom/element.ts";
import { t } from "../dom/t.ts";
import type { PageState } from "../state/page-state.ts";
import { watch } from "../state/store.ts";

/** The names of what lies left and right, or of all; empty ones are not shown. */
export function stageWords(
  state: Pick<PageState, "mode" | "holdCoarse" | "blinkCoarse" | "showMasks">,
): readonly [string, string] {
  if (!state.showMasks) return [t("Masks hidden"), ""];
  if (state.holdCoarse) return [t("Coarse"), ""];
  switch (state.mode) {
    case "swipe":
    case "side-by-side":
      return [t("Coarse"), t("Refined")];
    case "onion-skin":
      return [t("Coarse and refined"), ""];
    case "blink":
      return [state.blinkCoarse ? t("Coarse") : t("Refined"), ""];
    case "difference":
    case "contour":
      return ["", ""];
  }
}

/** The names; they lie over the stage. */
export function stageLabels({ store }: App): HTMLElement {
  const first = element("div", { class: "stage-label first" });
  const second = element("div", { class: "stage-label second" });
  const root = element("div", { class: "stage-labels" }, first, second);
  const show = (): void => {
    const { state } = store;
    const [left, right] = state.view ? stageWords(state) : ["", ""];
    setText(first, left);
    setText(second, right);
    first.hidden = left === "";
    second.hidden = right === "";
    root.classList.toggle("middle", state.mode === "side-by-side" && state.stage.width >= state.stage.height);
    root.classList.toggle("stacked", state.mode === "side-by-side" && state.stage.width < state.stage.height);
  };
  watch(store, ["mode", "holdCoarse", "blinkCoarse", "showMasks", "view", "stage"], show);
  return root;
}
