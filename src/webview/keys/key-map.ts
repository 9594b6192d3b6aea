/** Every key of the page: what it does, and how the help overlay tells it. */

import type { CompareMode } from "../../protocol/preview.ts";
import type { App } from "../app.ts";
import { t } from "../dom/t.ts";

/** A key with its command. */
export interface KeyBinding {
  /** As {@link keyName} gives them; the first is shown. */
  readonly keys: readonly string[];
  readonly text: string;
  readonly group: KeyGroup;
  /** Whether other controls of the page use the key when they are focused. @default false */
  readonly shared?: boolean;
  readonly run: (app: App) => void;
}

/** Groups of the help overlay. */
export type KeyGroup = "compare" | "move" | "regions" | "prompts" | "file";

/** Modes in the order of their keys. */
export const MODES: readonly (readonly [mode: CompareMode, text: string])[] = [
  ["swipe", t("Swipe")],
  ["side-by-side", t("Side by side")],
  ["onion-skin", t("Onion skin")],
  ["blink", t("Blink")],
  ["difference", t("Changes")],
  ["contour", t("Contours")],
];

const PAN_STEP = 60;
const LARGE_PAN_STEP = 300;
const ZOOM_STEP = 1.25;

function panKey(arrow: string, text: string, x: number, y: number): KeyBinding[] {
  return [PAN_STEP, LARGE_PAN_STEP].map((step) => ({
    keys: [step === PAN_STEP ? arrow : `Shift+${arrow}`],
    text,
    group: "move",
    shared: true,
    run: (app) => move(app, step, x, y),
  }));
}

function move({ actions }: App, step: number, x: number, y: number): void {
  actions.pan(-x * step, -y * step);
}

/** All keys. */
export const KEYS: readonly KeyBinding[] = [
  ...MODES.map(
    ([mode, text], i): KeyBinding => ({
      keys: [String(i + 1)],
      text,
      group: "compare",
      run: ({ store }) => store.update({ mode }),
    }),
  ),
  {
    keys: ["t"],
    text: t("Blink: show the other mask"),
    group: "compare",
    run: ({ store }) =>
      store.update({ mode: "blink", blinking: false, blinkCoarse: !store.state.blinkCoarse }),
  },
  {
    keys: ["m"],
    text: t("Hide or show masks"),
    group: "compare",
    run: ({ store }) => store.update({ showMasks: !store.state.showMasks }),
  },
  { keys: ["+", "="], text: t("Zoom in"), group: "move", run: ({ actions }) => actions.zoom(ZOOM_STEP) },
  { keys: ["-"], text: t("Zoom out"), group: "move", run: ({ actions }) => actions.zoom(1 / ZOOM_STEP) },
  { keys: ["f"], text: t("Fit the photo"), group: "move", run: ({ actions }) => actions.fit() },
  { keys: ["0"], text: t("Actual size, 100 %"), group: "move", run: ({ actions }) => actions.actualSize() },
  {
    keys: ["z"],
    text: t("Zoom to the selected region"),
    group: "move",
    run: ({ store, actions }) => actions.zoomToRegion(store.state.selected),
  },
  ...panKey("ArrowLeft", t("Move left"), -1, 0),
  ...panKey("ArrowRight", t("Move right"), 1, 0),
  ...panKey("ArrowUp", t("Move up"), 0, -1),
  ...panKey("ArrowDown", t("Move down"), 0, 1),
  { keys: ["j"], text: t("Next region"), group: "regions", run: ({ actions }) => actions.step(1) },
  { keys: ["k"], text: t("Previous region"), group: "regions", run: ({ actions }) => actions.step(-1) },
  {
    keys: ["x"],
    text: t("Accept or reject the region"),
    group: "regions",
    run: ({ actions }) => actions.toggle(),
  },
  {
    keys: ["Shift+X"],
    text: t("Accept or reject all"),
    group: "regions",
    run: ({ actions }) => actions.toggleAll(),
  },
  {
    keys: ["Shift+J"],
    text: t("Review: next photo"),
    group: "regions",
    run: ({ actions }) => actions.stepReview(1),
  },
  {
    keys: ["Shift+K"],
    text: t("Review: previous photo"),
    group: "regions",
    run: ({ actions }) => actions.stepReview(-1),
  },
  {
    keys: ["o"],
    text: t("Show prompts"),
    group: "prompts",
    run: ({ store }) => store.update({ showPrompts: !store.state.showPrompts }),
  },
  {
    keys: ["h"],
    text: t("Show the mask prompt's heat map"),
    group: "prompts",
    run: ({ store }) => store.update({ showHeat: !store.state.showHeat }),
  },
  {
    keys: ["]"],
    text: t("Next iteration"),
    group: "prompts",
    run: ({ store, actions }) => actions.showIteration(store.state.iteration + 1),
  },
  {
    keys: ["["],
    text: t("Previous iteration"),
    group: "prompts",
    run: ({ store, actions }) => actions.showIteration(store.state.iteration - 1),
  },
  {
    keys: ["v"],
    text: t("Tool: move and select"),
    group: "prompts",
    run: ({ store }) => store.update({ tool: "pan" }),
  },
  {
    keys: ["p"],
    text: t("Tool: points"),
    group: "prompts",
    run: ({ store }) => store.update({ tool: "points" }),
  },
  { keys: ["b"], text: t("Tool: box"), group: "prompts", run: ({ store }) => store.update({ tool: "box" }) },
  {
    keys: ["Escape"],
    text: t("Back to moving"),
    group: "prompts",
    run: ({ store }) => store.update({ tool: "pan" }),
  },
  {
    keys: ["Backspace", "Delete"],
    text: t("Remove the last own point"),
    group: "prompts",
    run: ({ actions }) => actions.removeLastPoint(),
  },
  {
    keys: ["Shift+Backspace", "Shift+Delete"],
    text: t("Remove own points and box"),
    group: "prompts",
    run: ({ actions }) => actions.clearPrompts(),
  },
  {
    keys: ["Ctrl+Enter"],
    text: t("Accept: write the mask"),
    group: "file",
    run: ({ actions }) => actions.save(),
  },
  {
    keys: ["?"],
    text: t("This help"),
    group: "file",
    run: ({ store }) => store.update({ helpOpen: !store.state.helpOpen }),
  },
];

/** What is held or done with the pointer, for the help overlay. */
export const GESTURES: readonly (readonly [keys: string, text: string, group: KeyGroup])[] = [
  [t("Hold C"), t("Show the coarse mask alone"), "compare"],
  [t("Wheel"), t("Zoom around the pointer"), "move"],
  [t("Drag, Space+drag"), t("Move the photo"), "move"],
  [t("Enter"), t("Zoom to the region (in the list)"), "regions"],
  [t("Space"), t("Accept or reject (in the list)"), "regions"],
  [t("Click, Enter"), t("Points: add a positive one"), "prompts"],
  [t("Alt+click, Alt+Enter"), t("Points: add a negative one"), "prompts"],
  [t("Click a point"), t("Points: remove it"), "prompts"],
  [t("Drag"), t("Box: draw it anew"), "prompts"],
  [t("Alt+arrows"), t("Box: move its last corner, with Shift its first"), "prompts"],
];

/** A key with its modifiers, for example `Shift+ArrowLeft`, `Ctrl+Enter` or `?`. */
export function keyName(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
): string {
  const { key } = event;
  const letter = key.length === 1;
  // Signs hold their Shift already: "?" is one key wherever it lies on the keyboard.
  const shift = event.shiftKey && (!letter || key.toLowerCase() !== key.toUpperCase());
  const parts = [
    ...(event.ctrlKey || event.metaKey ? ["Ctrl"] : []),
    ...(event.altKey ? ["Alt"] : []),
    ...(shift ? ["Shift"] : []),
    letter && !shift ? key.toLowerCase() : letter ? key.toUpperCase() : key,
  ];
  return parts.join("+");
}

/** The binding of a key. */
export function bindingOf(name: string): KeyBinding | undefined {
  return KEYS.find(({ keys }) => keys.includes(name));
}
