/** A person refines a mask, looks at it, changes the method, accepts, and goes back. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { createRefiner, type RefineResult, type Refiner, readMask } from "../../src/sdk/mod.ts";
import { agreement, type DrawnMask, differingPixels, drawnMask } from "./harness/drawn-mask.ts";
import { waitForEngines } from "./harness/engine-processes.ts";
import {
  clearNotifications,
  contextMenu,
  dialogButton,
  openContextMenu,
  previewFrame,
  reloadWindow,
  statusEntry,
} from "./harness/mod.ts";
import {
  clickPhoto,
  idle,
  moveSlider,
  noticeLine,
  pressButton,
  pressKey,
  previewReady,
  showAlone,
} from "./harness/preview-page.ts";
import { walk } from "./harness/walk.ts";

const w = walk({ name: "preview" });
const { step } = w;
const MASK = "masks/mug.png";
const sample = (name: string): string => `examples/sample/${name}`;

// What the SDK makes of the same files, to compare with what is drawn and written.
let refiner: Refiner;
const results = new Map<string, Promise<RefineResult>>();
const own = (settings = {}): Promise<RefineResult> => {
  const files = { image: sample("photo.jpg"), mask: sample("mug_coarse.png") };
  const key = JSON.stringify(settings);
  const result = results.get(key) ?? refiner.refine(files, { settings });
  results.set(key, result);
  return result;
};

beforeAll(async () => {
  refiner = await createRefiner({ device: "cpu", cacheDir: w.server.cacheFolder });
});
afterAll(() => refiner?.close());

let coarse: DrawnMask;
let refined: DrawnMask;

step("a mask's menu offers to refine it", async (page) => {
  await openContextMenu(page, MASK, "Refine Mask");
  await w.shot("menu");
  await page.keyboard.press("Escape");
});

step("Refine Mask opens the preview", async (page) => {
  await contextMenu(page, MASK, "Refine Mask");
  await previewReady(page);
  await statusEntry(page, "SAMRefiner: CPU").waitFor();
  await w.shot("swipe");
});

step("blinking shows the coarse mask, then the refined one", async (page) => {
  const frame = previewFrame(page);
  await showAlone(frame, "coarse");
  coarse = await drawnMask(frame);
  await w.shot("coarse");
  await showAlone(frame, "refined");
  refined = await drawnMask(frame);
  await w.shot("refined");
  const expectedCoarse = await readMask(sample("mug_coarse.png"));
  const expected = (await own()).masks[0]!.map;
  expect(agreement(coarse, expectedCoarse)).toBeGreaterThan(0.995);
  expect(agreement(refined, expected)).toBeGreaterThan(0.995);
  expect(agreement(coarse, expected)).toBeLessThan(0.9);
});

step("every mode draws something else", async (page) => {
  const frame = previewFrame(page);
  const pictures = new Set<string>();
  for (const [index, mode] of [
    "swipe",
    "side-by-side",
    "onion-skin",
    "blink",
    "changes",
    "contours",
  ].entries()) {
    await pressKey(frame, String(index + 1));
    if (mode === "blink") await pressKey(frame, "t");
    await page.waitForTimeout(300);
    if (mode !== "swipe" && mode !== "blink") await w.shot(mode);
    pictures.add(
      await frame.locator("canvas.canvas").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL()),
    );
  }
  expect(pictures.size).toBe(6);
});

step("a slider refines again from the embedding at hand", async (page) => {
  const frame = previewFrame(page);
  await showAlone(frame, "refined");
  await moveSlider(frame, "Iterations", 1);
  await idle(frame);
  await w.shot("slider");
  const now = await drawnMask(frame);
  expect(agreement(now, (await own({ iterations: 1 })).masks[0]!.map)).toBeGreaterThan(0.995);
  expect(differingPixels(now, refined)).toBeGreaterThan(100);
  await pressButton(frame, "Reset");
  await idle(frame);
  expect(differingPixels(await drawnMask(frame), refined)).toBe(0);
});

step("own points and candidates are taken, and let go", async (page) => {
  const frame = previewFrame(page);
  await pressKey(frame, "p");
  await clickPhoto(frame, { x: 690, y: 370 }, refined, 1000);
  await idle(frame);
  await w.shot("own-point");
  expect(differingPixels(await drawnMask(frame), refined)).toBeGreaterThan(100);
  await pressButton(frame, "Clear");
  await idle(frame);
  await pressKey(frame, "v");
  await frame.getByRole("radio", { name: /^Iteration 1/ }).click();
  await frame.locator(".candidate[aria-checked=false]").first().click();
  await idle(frame);
  await w.shot("candidate");
  await pressButton(frame, "Method's choice");
  await idle(frame);
  expect(differingPixels(await drawnMask(frame), refined)).toBe(0);
});

step("prompts, heat map and help are shown", async (page) => {
  const frame = previewFrame(page);
  await pressKey(frame, "o");
  await pressKey(frame, "h");
  await page.waitForTimeout(500);
  await w.shot("prompts");
  await pressKey(frame, "o");
  await pressKey(frame, "h");
  await pressKey(frame, "?");
  await frame.getByRole("dialog").waitFor();
  await w.shot("help");
  await frame.getByRole("dialog").press("Escape");
});

step("Accept writes exactly what the SDK writes", async (page) => {
  const frame = previewFrame(page);
  await pressButton(frame, "Accept");
  await noticeLine(frame, "Wrote masks/mug.refined.png").waitFor();
  await w.shot("accepted");
  const written = readFileSync(w.workspace.path("masks/mug.refined.png"));
  expect(written.equals((await own()).toPNG())).toBe(true);
  expect(readFileSync(w.workspace.path(MASK)).equals(readFileSync(sample("mug_coarse.png")))).toBe(true);
});

step("an earlier result is not overwritten without asking", async (page) => {
  const written = w.workspace.path("masks/mug.refined.png");
  writeFileSync(written, "mine");
  await clearNotifications(page);
  await pressButton(previewFrame(page), "Accept");
  await dialogButton(page, "Overwrite").waitFor();
  await w.shot("overwrite");
  await dialogButton(page, "Cancel").click();
  await noticeLine(previewFrame(page), "Nothing was written").waitFor();
  expect(readFileSync(written, "utf8")).toBe("mine");
});

step("in place: asks once, replaces the mask, and restores it byte for byte", async (page) => {
  mkdirSync(w.workspace.path(".vscode"));
  writeFileSync(w.workspace.path(".vscode/settings.json"), '{ "samrefiner.refine.output": "in-place" }');
  const frame = previewFrame(page);
  await clearNotifications(page);
  await acceptInPlace(page);
  await noticeLine(frame, "Replaced masks/mug.png with its refined version").waitFor();
  await w.shot("in-place");
  expect(readFileSync(w.workspace.path(MASK)).equals((await own()).toPNG())).toBe(true);
  await clearNotifications(page);
  await pressButton(frame, "Restore");
  await noticeLine(frame, "is as it was before it was refined").waitFor();
  await previewReady(page);
  await w.shot("restored");
  expect(readFileSync(w.workspace.path(MASK)).equals(readFileSync(sample("mug_coarse.png")))).toBe(true);
});

/** The settings file is noticed a while after it was written: until then Accept asks about the file beside the mask. */
async function acceptInPlace(page: Page): Promise<void> {
  const [replace, overwrite] = [dialogButton(page, "Replace"), dialogButton(page, "Overwrite")];
  for (;;) {
    await pressButton(previewFrame(page), "Accept");
    await replace.or(overwrite).waitFor();
    if (await replace.isVisible()) return replace.click();
    await dialogButton(page, "Cancel").click();
    await noticeLine(previewFrame(page), "Nothing was written").waitFor();
    await page.waitForTimeout(500);
  }
}

step("a reload of the window brings the preview back", async (page) => {
  await reloadWindow(page);
  await page.locator(".explorer-folders-view").waitFor();
  const frame = await previewReady(page);
  await page.getByRole("tab", { name: /mug\.png ↔ refined/ }).waitFor();
  await w.shot("reloaded");
  await showAlone(frame, "refined");
  expect(differingPixels(await drawnMask(frame), refined)).toBe(0);
});

step("nothing was asked of other machines, and nothing failed in the page", async () => {
  expect(w.window.foreign).toEqual([]);
  expect(w.window.errors.filter((error) => /samrefiner/i.test(error))).toEqual([]);
});

step("the engine process ends with the window", async () => {
  await waitForEngines(w.server.extensionsFolder, 1);
  await w.window.close();
  await waitForEngines(w.server.extensionsFolder, 0);
});
