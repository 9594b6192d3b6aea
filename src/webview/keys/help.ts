/** The overlay that lists all keys. */

import type { App } from "../app.ts";
import { element } from "../dom/element.ts";
import { icon } from "../dom/icons.ts";
import { t } from "../dom/t.ts";
import { GESTURES, KEYS, type KeyGroup } from "./key-map.ts";

const GROUPS: Readonly<Record<KeyGroup, string>> = {
  compare: t("Compare"),
  move: t("Move"),
  regions: t("Regions"),
  prompts: t("Prompts"),
  file: t("File"),
};

/** The overlay; `?`, Escape and its button close it, and the focus goes back to where it was. */
export function helpOverlay({ store }: App): HTMLDialogElement {
  const close = element(
    "button",
    {
      class: "icon-button",
      attributes: { type: "button", "aria-label": t("Close"), title: t("Close (Escape)") },
      on: { click: () => store.update({ helpOpen: false }) },
    },
    icon("close"),
  );
  const root = element(
    "dialog",
    { class: "help", attributes: { "aria-labelledby": "help-title" } },
    element("header", {}, element("h1", { text: t("Keys"), attributes: { id: "help-title" } }), close),
    element("div", { class: "help-groups" }, ...(Object.keys(GROUPS) as KeyGroup[]).map(group)),
  );
  root.addEventListener("close", () => store.update({ helpOpen: false }));
  root.addEventListener("click", (event) => {
    if (event.target === root) store.update({ helpOpen: false });
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "?") return;
    event.preventDefault();
    store.update({ helpOpen: false });
  });
  store.subscribe(({ helpOpen }) => {
    if (helpOpen === root.open) return;
    if (helpOpen) root.showModal();
    else root.close();
  });
  return root;
}

function group(name: KeyGroup): HTMLElement {
  const keys = KEYS.filter((binding) => binding.group === name && !isLargeMove(binding.keys[0]!)).map(
    ({ keys: [first], text }) => entry(first!, text),
  );
  const gestures = GESTURES.filter(([, , of]) => of === name).map(([of, text]) => entry(of, text));
  return element(
    "section",
    {},
    element("h2", { text: GROUPS[name] }),
    element("dl", {}, ...[...keys, ...gestures].flat()),
  );
}

/** Shift and an arrow go without saying. */
function isLargeMove(key: string): boolean {
  return key.startsWith("Shift+Arrow");
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
};

function entry(keys: string, text: string): [HTMLElement, HTMLElement] {
  const shown = keys
    .split(", ")
    .flatMap((key, i) => [...(i > 0 ? [" "] : []), element("kbd", { text: keyText(key) })]);
  return [element("dt", {}, ...shown), element("dd", { text })];
}

/** A key as it is printed on keyboards. */
function keyText(key: string): string {
  return SIGNS[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}
