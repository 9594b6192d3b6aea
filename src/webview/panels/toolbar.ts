/** Modes, tools, overlays and zoom. */

import type { App } from "../app.ts";
import { element, setText } from "../dom/element.ts";
import { type IconName, icon } from "../dom/icons.ts";
import { t } from "../dom/t.ts";
import { MODES } from "../keys/key-map.ts";
import type { PageState, Tool } from "../state/page-state.ts";
import { watch } from "../state/store.ts";
import { radioKeys } from "./radio-keys.ts";
import { pressed } from "./region-list.ts";

const ZOOM_STEP = 1.25;

const TOOLS: readonly (readonly [tool: Tool, text: string, hint: string])[] = [
  ["pan", t("Move"), t("Drag to move, click to select a region (V)")],
  [
    "points",
    t("Points"),
    t("Click to add a positive point, Alt-click a negative one, click one to remove it (P)"),
  ],
  ["box", t("Box"), t("Drag to draw the region's box (B)")],
];

/** The bar at the top. */
export function toolbar(app: App): HTMLElement {
  const { store, actions } = app;
  const toggle = (name: "showPrompts" | "showHeat" | "showMasks") => () =>
    store.update({ [name]: !store.state[name] });
  const modes = radios(
    "compare",
    t("Compare"),
    MODES.map(([mode, text], i) => ({ value: mode, text, hint: `${text} (${i + 1})`, drawing: mode })),
    (mode) => store.update({ mode }),
  );
  const tools = radios(
    "tool",
    t("Tool"),
    TOOLS.map(([tool, text, hint]) => ({ value: tool, text, hint, drawing: tool })),
    (tool) => store.update({ tool }),
  );
  const masks = iconButton("masks", t("Show masks (M)"), toggle("showMasks"));
  const prompts = iconButton("prompts", t("Show prompts (O)"), toggle("showPrompts"));
  const heat = iconButton("heat", t("Show the mask prompt's heat map (H)"), toggle("showHeat"));
  const scale = element("button", {
    class: "text-button scale",
    attributes: { type: "button", title: t("Actual size (0)") },
    on: { click: () => actions.actualSize() },
  });
  const root = element(
    "div",
    { class: "toolbar", attributes: { role: "toolbar", "aria-label": t("Preview") } },
    modes.root,
    rule(),
    tools.root,
    rule(),
    element("div", { class: "group" }, masks, prompts, heat),
    element("div", { class: "stretch" }),
    element(
      "div",
      { class: "group" },
      iconButton("minus", t("Zoom out (−)"), () => actions.zoom(1 / ZOOM_STEP)),
      scale,
      iconButton("plus", t("Zoom in (+)"), () => actions.zoom(ZOOM_STEP)),
      iconButton("fit", t("Fit the photo (F)"), () => actions.fit()),
    ),
    rule(),
    iconButton("help", t("Keys (?)"), () => store.update({ helpOpen: true })),
  );
  const show = (state: PageState): void => {
    modes.show(state.mode);
    tools.show(state.tool);
    pressed(masks, state.showMasks);
    pressed(prompts, state.showPrompts);
    pressed(heat, state.showHeat);
    setText(scale, state.viewport ? percent(state.viewport.scale) : "–");
  };
  watch(store, ["mode", "tool", "showMasks", "showPrompts", "showHeat", "viewport"], show);
  return root;
}

/** A magnification as it is read. */
export function percent(scale: number): string {
  return `${scale < 0.1 ? (100 * scale).toFixed(1) : Math.round(100 * scale)} %`;
}

function rule(): HTMLElement {
  return element("div", { class: "rule", attributes: { role: "separator" } });
}

/** A button with a drawing alone. */
function iconButton(drawing: IconName, label: string, onPress: () => void): HTMLElement {
  return element(
    "button",
    {
      class: "icon-button",
      attributes: { type: "button", title: label, "aria-label": label },
      on: { click: onPress },
    },
    icon(drawing),
  );
}

/** One of several choices. */
interface Choice<V extends string> {
  readonly value: V;
  readonly text: string;
  readonly hint: string;
  readonly drawing: IconName;
}

/** Buttons of which one is on. */
function radios<V extends string>(
  name: string,
  label: string,
  choices: readonly Choice<V>[],
  onChoose: (value: V) => void,
): { readonly root: HTMLElement; readonly show: (value: V) => void } {
  const buttons = choices.map(({ value, text, hint, drawing }) =>
    element(
      "button",
      {
        class: "choice",
        attributes: { type: "button", role: "radio", title: hint, "aria-label": text, "data-value": value },
        on: { click: () => onChoose(value) },
      },
      icon(drawing),
      element("span", { text }),
    ),
  );
  const root = element(
    "div",
    { class: `choices ${name}`, attributes: { role: "radiogroup", "aria-label": label } },
    ...buttons,
  );
  radioKeys(root);
  return {
    root,
    show: (value) => {
      for (const made of buttons) {
        const on = made.dataset["value"] === value;
        made.setAttribute("aria-checked", String(on));
        made.tabIndex = on ? 0 : -1;
      }
    },
  };
}
