/** What a mode has to set: opacity of onion skin, pause of blinking. */

import type { App } from "../app.ts";
import { element, setText } from "../dom/element.ts";
import { icon } from "../dom/icons.ts";
import { t } from "../dom/t.ts";
import { slider } from "../panels/slider.ts";
import { watch } from "../state/store.ts";

/** Milliseconds that each mask is shown while blinking. */
const BLINK_TIME = 650;

/** The bar under the stage's middle; hidden in modes without anything to set. */
export function modeBar({ store }: App): HTMLElement {
  const onion = slider({
    label: t("Opacity of refined mask"),
    min: 0,
    max: 1,
    step: 0.01,
    show: (value) => `${Math.round(100 * value)} %`,
    onInput: (value) => store.update({ onion: value }),
  });
  const play = element("button", {
    class: "icon-button",
    attributes: { type: "button" },
    on: { click: () => store.update({ blinking: !store.state.blinking }) },
  });
  const turn = element("button", {
    class: "text-button",
    attributes: { type: "button", title: t("Show the other mask (T)") },
    on: { click: () => store.update({ blinking: false, blinkCoarse: !store.state.blinkCoarse }) },
  });
  const blink = element("div", { class: "blink" }, play, turn);
  const root = element("div", { class: "mode-bar" }, onion.root, blink);
  let blinking: boolean | undefined;
  const show = (): void => {
    const { state } = store;
    onion.root.hidden = state.mode !== "onion-skin";
    blink.hidden = state.mode !== "blink";
    root.hidden = state.view === undefined || (onion.root.hidden && blink.hidden);
    onion.set(state.onion);
    setText(turn, state.blinkCoarse ? t("Show refined") : t("Show coarse"));
    if (blinking === state.blinking) return;
    blinking = state.blinking;
    play.replaceChildren(icon(blinking ? "pause" : "play"));
    const label = blinking ? t("Stop blinking") : t("Blink");
    play.setAttribute("aria-label", label);
    play.title = label;
  };
  watch(store, ["mode", "onion", "blinking", "blinkCoarse", "view"], show);
  setInterval(() => {
    const { mode, blinking: on, holdCoarse, blinkCoarse } = store.state;
    if (mode === "blink" && on && !holdCoarse && !document.hidden)
      store.update({ blinkCoarse: !blinkCoarse });
  }, BLINK_TIME);
  return root;
}
