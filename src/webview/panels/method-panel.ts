/** The method's sliders and switches; every change refines again. */

import type { App } from "../app.ts";
import { button, checkbox, dropdown } from "../controls.ts";
import { element, setText } from "../dom/element.ts";
import { t } from "../dom/t.ts";
import type { PageState } from "../state/page-state.ts";
import { watch } from "../state/store.ts";
import type { MethodSettings, PresetName } from "../types.ts";
import { section } from "./section.ts";
import { slider } from "./slider.ts";

const PRESETS: Readonly<Record<PresetName, string>> = {
  default: t("Default"),
  fast: t("Fast"),
  quality: t("Quality"),
  paper: t("Paper"),
  reference: t("Reference code"),
};

/** Settings that are on or off, with what they say. */
const SWITCHES = [
  ["box", t("Box"), t("Prompt with a box")],
  ["elasticBox", t("Elastic box"), t("Grow the box where its surroundings look like the object")],
  ["point", t("Point"), t("Prompt with the most inner pixel of the object")],
  [
    "negativePoint",
    t("Negative point"),
    t("Prompt with the background pixel farthest from the object in its box"),
  ],
  ["mask", t("Mask"), t("Prompt with a Gaussian mask of the object")],
] as const satisfies readonly (readonly [keyof MethodSettings, string, string])[];

/** The panel. */
export function methodPanel({ store, actions }: App): HTMLElement {
  const { root, body, note } = section("method", t("Method"));
  const preset = dropdown(t("Preset"), PRESETS, (name) => actions.preset(name as PresetName));
  const reset = button(t("Reset"), {
    onPress: () => actions.resetMethod(),
    attributes: { title: t("Take the preset's own settings") },
  });
  const switches = SWITCHES.map(([name, text, hint]) => ({
    name,
    control: checkbox({ text, attributes: { title: hint } }, (on) => actions.setting(name, on)),
  }));
  const sliders = methodSliders((name, value) => actions.setting(name, value));
  body.append(
    element("div", { class: "preset" }, preset.root, reset),
    element(
      "div",
      { class: "switches", attributes: { role: "group", "aria-label": t("Prompts") } },
      ...switches.map(({ control }) => control.root),
    ),
    ...sliders.map(({ control }) => control.root),
  );
  const show = ({ resolved, method }: PageState): void => {
    if (resolved === undefined) return;
    preset.set(method.preset);
    const changed = Object.keys(method.settings).length;
    reset.toggleAttribute("disabled", changed === 0);
    setText(note, changed === 0 ? PRESETS[method.preset] : t("{0}, changed", PRESETS[method.preset]));
    for (const { name, control } of switches) {
      control.set(resolved[name], name === "elasticBox" && !resolved.box);
    }
    for (const { name, control, why } of sliders) control.set(resolved[name], why(resolved));
  };
  watch(store, ["resolved", "method"], show);
  return root;
}

const ALWAYS = (): undefined => undefined;
const needsMask = ({ mask }: MethodSettings): string | undefined =>
  mask ? undefined : t("needs the mask prompt");

/** λ, ω, γ and the number of iterations; `why` tells why one does not matter now. */
function methodSliders(onInput: (name: "lambda" | "omega" | "gamma" | "iterations", value: number) => void) {
  return [
    {
      name: "lambda",
      why: ({ box, elasticBox }: MethodSettings) =>
        box && elasticBox ? undefined : t("needs the elastic box"),
      control: slider({
        label: t("Box growth"),
        symbol: "λ",
        hint: t("Share of similar pixels in a strip from which the elastic box grows over it"),
        min: 0,
        max: 1,
        step: 0.01,
        show: (value) => value.toFixed(2),
        onInput: (value) => onInput("lambda", value),
      }),
    },
    {
      name: "omega",
      why: needsMask,
      control: slider({
        label: t("Mask strength"),
        symbol: "ω",
        hint: t("Amplitude of the Gaussian mask, in logits"),
        min: 0,
        max: 60,
        step: 1,
        onInput: (value) => onInput("omega", value),
      }),
    },
    {
      name: "gamma",
      why: needsMask,
      control: slider({
        label: t("Mask width"),
        symbol: "γ",
        hint: t("Width of the Gaussian mask"),
        // Doubling is what matters.
        min: -2,
        max: 6,
        step: 0.125,
        toValue: (position) => Number((2 ** position).toPrecision(3)),
        toPosition: Math.log2,
        show: (value) => String(Number(value.toPrecision(3))),
        onInput: (value) => onInput("gamma", value),
      }),
    },
    {
      name: "iterations",
      why: ALWAYS,
      control: slider({
        label: t("Iterations"),
        hint: t("Cascade iterations; each takes its prompts from the best mask so far"),
        min: 1,
        max: 10,
        step: 1,
        onInput: (value) => onInput("iterations", value),
      }),
    },
  ] as const;
}
