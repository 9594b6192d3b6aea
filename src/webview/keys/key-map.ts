/** Every key of the page: what it does, and how the help overlay tells it. */
import type { CompareMode } from "../../protocol/preview.ts";
import type { App } from "../app.ts";

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
export type KeyGroup = "Compare" | "Move" | "Regions" | "Prompts" | "File";

/** Modes in the order of their keys. */
export const MODES: readonly (readonly [mode: CompareMode, text: string])[] = [
  ["swipe", "Swipe"],
  ["side-by-side", "Side by side"],
  ["onion-skin", "Onion skin"],
  ["blink", "Blink"],
  ["difference", "Changes"],
  ["contour", "Contours"],
];

const PAN_STEP = 60;
const LARGE_PAN_STEP = 300;
const ZOOM_STEP = 1.25;

function panKey(arrow: string, x: number, y: number): KeyBinding[] {
  const direction = arrow.slice(5).toLowerCase();
  return [
    {
      keys: [arrow],
      text: `Move ${direction}`,
      group: "Move",
      shared: true,
      run: (app) => move(app, PAN_STEP, x, y),
    },
    {
      keys: [`Shift+${arrow}`],
      text: `Move ${direction} a lot`,
      group: "Move",
      shared: true,
      run: (app) => move(app, LARGE_PAN_STEP, x, y),
    },
  ];
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
      group: "Compare",
      run: ({ store }) => store.update({ mode }),
    }),
  ),
  {
    keys: ["t"],
    text: "Blink: show the other mask",
    group: "Compare",
    run: ({ store }) =>
      store.update({ mode: "blink", blinking: false, blinkCoarse: !store.state.blinkCoarse }),
  },
  {
    keys: ["m"],
    text: "Hide or show masks",
    group: "Compare",
    run: ({ store }) => store.update({ showMasks: !store.state.showMasks }),
  },
  { keys: ["+", "="], text: "Zoom in", group: "Move", run: ({ actions }) => actions.zoom(ZOOM_STEP) },
  { keys: ["-"], text: "Zoom out", group: "Move", run: ({ actions }) => actions.zoom(1 / ZOOM_STEP) },
  { keys: ["f"], text: "Fit the photo", group: "Move", run: ({ actions }) => actions.fit() },
  { keys: ["0"], text: "Actual size, 100 %", group: "Move", run: ({ actions }) => actions.actualSize() },
  {
    keys: ["z"],
    text: "Zoom to the selected region",
    group: "Move",
    run: ({ store, actions }) => actions.zoomToRegion(store.state.selected),
  },
  ...panKey("ArrowLeft", -1, 0),
  ...panKey("ArrowRight", 1, 0),
  ...panKey("ArrowUp", 0, -1),
  ...panKey("ArrowDown", 0, 1),
  { keys: ["j"], text: "Next region", group: "Regions", run: ({ actions }) => actions.step(1) },
  { keys: ["k"], text: "Previous region", group: "Regions", run: ({ actions }) => actions.step(-1) },
  {
    keys: ["x"],
    text: "Accept or reject the region",
    group: "Regions",
    run: ({ actions }) => actions.toggle(),
  },
  {
    keys: ["Shift+X"],
    text: "Accept or reject all",
    group: "Regions",
    run: ({ actions }) => actions.toggleAll(),
  },
  {
    keys: ["Shift+J"],
    text: "Review: next photo",
    group: "Regions",
    run: ({ actions }) => actions.stepReview(1),
  },
  {
    keys: ["Shift+K"],
    text: "Review: previous photo",
    group: "Regions",
    run: ({ actions }) => actions.stepReview(-1),
  },
  {
    keys: ["o"],
    text: "Show prompts",
    group: "Prompts",
    run: ({ store }) => store.update({ showPrompts: !store.state.showPrompts }),
  },
  {
    keys: ["h"],
    text: "Show the mask prompt's heat map",
    group: "Prompts",
    run: ({ store }) => store.update({ showHeat: !store.state.showHeat }),
  },
  {
    keys: ["]"],
    text: "Next iteration",
    group: "Prompts",
    run: ({ store, actions }) => actions.showIteration(store.state.iteration + 1),
  },
  {
    keys: ["["],
    text: "Previous iteration",
    group: "Prompts",
    run: ({ store, actions }) => actions.showIteration(store.state.iteration - 1),
  },
  {
    keys: ["v"],
    text: "Tool: move and select",
    group: "Prompts",
    run: ({ store }) => store.update({ tool: "pan" }),
  },
  {
    keys: ["p"],
    text: "Tool: points",
    group: "Prompts",
    run: ({ store }) => store.update({ tool: "points" }),
  },
  { keys: ["b"], text: "Tool: box", group: "Prompts", run: ({ store }) => store.update({ tool: "box" }) },
  {
    keys: ["Backspace", "Delete"],
    text: "Remove the last own point",
    group: "Prompts",
    run: ({ actions }) => actions.removeLastPoint(),
  },
  {
    keys: ["Shift+Backspace", "Shift+Delete"],
    text: "Remove own points and box",
    group: "Prompts",
    run: ({ actions }) => actions.clearPrompts(),
  },
  {
    keys: ["Ctrl+Enter"],
    text: "Accept: write the mask",
    group: "File",
    run: ({ actions }) => actions.save(),
  },
  {
    keys: ["?"],
    text: "This help",
    group: "File",
    run: ({ store }) => store.update({ helpOpen: !store.state.helpOpen }),
  },
];

/** What is held or done with the pointer, for the help overlay. */
export const GESTURES: readonly (readonly [keys: string, text: string, group: KeyGroup])[] = [
  ["Hold C", "Show the coarse mask alone", "Compare"],
  ["Wheel", "Zoom around the pointer", "Move"],
  ["Drag, Space+drag", "Move the photo", "Move"],
  ["Enter", "Zoom to the region (in the list)", "Regions"],
  ["Space", "Accept or reject (in the list)", "Regions"],
  ["Click, Enter", "Points: add a positive one", "Prompts"],
  ["Alt+click, Alt+Enter", "Points: add a negative one", "Prompts"],
  ["Click a point", "Points: remove it", "Prompts"],
  ["Drag", "Box: draw it anew", "Prompts"],
  ["Alt+arrows", "Box: move its last corner, with Shift its first", "Prompts"],
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
