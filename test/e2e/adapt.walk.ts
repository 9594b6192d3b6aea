/** Adapt to This Workspace: train, look at examples, use, put away. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect } from "vitest";
import { contextMenu, notification, notificationButton, pick, quickRow, runCommand } from "./harness/mod.ts";
import { previewReady } from "./harness/preview-page.ts";
import { walk } from "./harness/walk.ts";

const NAMES = ["a", "b", "c", "d"];

const w = walk({
  name: "adapt",
  files: Object.fromEntries(
    NAMES.flatMap((name) => [
      [`images/${name}.jpg`, { sample: "photo.jpg" }],
      [`masks/${name}.png`, { sample: "mug_coarse.png" }],
    ]),
  ),
  prepare: async (workspace) => {
    // Copies of a photo are one photo: each gets a brightness of its own.
    for (const [i, name] of NAMES.entries()) {
      const path = workspace.path(`images/${name}.jpg`);
      const photo = readFileSync(path);
      await sharp(photo)
        .modulate({ brightness: 1 - i * 0.03 })
        .toFile(path);
    }
  },
});
const { step } = w;
const settings = (): string => {
  const path = join(w.workspace.folder, ".vscode/settings.json");
  return existsSync(path) ? readFileSync(path, "utf8") : "";
};

step(
  "an adaptor is trained, and what is known of it is told",
  async (page) => {
    await runCommand(page, "SAMRefiner: Adapt to This Workspace");
    await pick(page, "All masks in");
    await notification(page, "On 1 photos that it was not trained on").waitFor({ timeout: 100_000 });
    await w.shot("told");
  },
  120_000,
);

step("it is used in this workspace when that is wanted", async (page) => {
  await notificationButton(page, "On 1 photos", "Use All the Same").click();
  await notification(page, "are refined with .samrefiner/adaptors/").waitFor();
  await w.shot("used");
  expect(settings()).toMatch(/"samrefiner\.refine\.adaptor": "\.samrefiner\/adaptors\/.*\.safetensors"/);
  await contextMenu(page, "masks/a.png", "Refine Mask");
  await previewReady(page);
  await w.shot("preview");
  await runCommand(page, "View: Close All Editors");
});

step("an adaptor's file that is gone is told with its name", async (page) => {
  rmSync(join(w.workspace.folder, ".samrefiner/adaptors"), { recursive: true });
  await contextMenu(page, "masks/b.png", "Refine Mask");
  await notification(page, /adaptors\/.*\.safetensors/).waitFor();
  await w.shot("gone");
  await runCommand(page, "View: Close All Editors");
});

step("it is put away again", async (page) => {
  await runCommand(page, "SAMRefiner: Adapt to This Workspace");
  await quickRow(page, "Refine without an Adaptor").click();
  await notification(page, "without an adaptor from now on").waitFor();
  expect(settings()).not.toContain("adaptor");
  await contextMenu(page, "masks/b.png", "Refine Mask");
  await previewReady(page);
});
