/** What goes wrong: each is told in a sentence, and nothing is lost. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, expect } from "vitest";
import { createRefiner } from "../../src/sdk/mod.ts";
import { engineProcesses, waitForEngines } from "./harness/engine-processes.ts";
import { makePhotos } from "./harness/make-photos.ts";
import { KITCHEN, type WorkspaceFiles } from "./harness/make-workspace.ts";
import {
  clearNotifications,
  contextMenu,
  notification,
  pick,
  runCommand,
  statusEntry,
} from "./harness/mod.ts";
import { idle, moveSlider, noticeLine, pressButton, previewReady } from "./harness/preview-page.ts";
import { walk } from "./harness/walk.ts";

const POINTER = `version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 12345
`;
const FILES: WorkspaceFiles = {
  ...KITCHEN,
  "images/pointer.jpg": { sample: "photo.jpg" },
  "masks/pointer.png": { text: POINTER },
  "masks/lonely.png": { sample: "mug_coarse.png" },
  "locked/photo.jpg": { sample: "photo.jpg" },
  "locked/photo_mask.png": { sample: "mug_coarse.png" },
};
const PHOTOS = ["images/mug.jpg", "images/apple.jpg", "images/table.jpg", "labelme/desk.jpg", "coco/set.jpg"];

let locked: string | undefined;
const w = walk({
  name: "failures",
  files: FILES,
  prepare: async (workspace) => {
    await makePhotos(PHOTOS.map((path) => workspace.path(path)));
    locked = lock(workspace.path("locked"));
  },
});
afterAll(() => {
  if (locked !== undefined) execFileSync("umount", [locked]);
});
const { step } = w;
const sample = (name: string): Buffer => readFileSync(`examples/sample/${name}`);
const open = async (page: Page, mask: string) => {
  await contextMenu(page, mask, "Refine Mask");
  return previewReady(page);
};
const closeEditors = async (page: Page): Promise<void> => {
  await clearNotifications(page);
  await runCommand(page, "View: Close All Editors");
};

step("a Git LFS pointer is named as one", async (page) => {
  await contextMenu(page, "masks/pointer.png", "Refine Mask");
  await notification(page, "Git LFS").waitFor();
  await w.shot("lfs");
  await closeEditors(page);
});

step("a mask without a photo lists where it was looked for, and a photo can be chosen", async (page) => {
  await contextMenu(page, "masks/lonely.png", "Refine Mask");
  await notification(page, "lonely.png").waitFor();
  await notification(page, "lonely.png").getByText("Choose Photo…").waitFor();
  await w.shot("no-photo");
  await closeEditors(page);
});

step("a mask that changes on disk is said so, and not written over", async (page) => {
  const frame = await open(page, "masks/apple.png");
  const changed = sample("labels_coarse.png");
  writeFileSync(w.workspace.path("masks/apple.png"), changed);
  await noticeLine(frame, "masks/apple.png was changed on disk").waitFor();
  await pressButton(frame, "Accept");
  await noticeLine(frame, /changed since/).waitFor();
  await w.shot("changed");
  expect(existsSync(w.workspace.path("masks/apple.refined.png"))).toBe(false);
  await noticeLine(frame, "was changed on disk").getByText("Reload").click();
  await frame.locator(".section-note", { hasText: "4 of 4 accepted" }).waitFor();
  await previewReady(page);
  await w.shot("changed-reloaded");
  await closeEditors(page);
});

step("a mask that is deleted is said so, and is not written", async (page) => {
  const frame = await open(page, "masks/apple.png");
  rmSync(w.workspace.path("masks/apple.png"));
  await noticeLine(frame, "masks/apple.png was deleted from disk").waitFor();
  await pressButton(frame, "Accept");
  await noticeLine(frame, /apple\.png .*(deleted|read|exist)/)
    .nth(0)
    .waitFor();
  await page.waitForTimeout(300);
  await w.shot("deleted");
  expect(existsSync(w.workspace.path("masks/apple.refined.png"))).toBe(false);
  expect(existsSync(w.workspace.path("masks/apple.png"))).toBe(false);
  writeFileSync(w.workspace.path("masks/apple.png"), sample("fruit_coarse.png"));
  await closeEditors(page);
});

step("a folder that takes no files is said so", async (page) => {
  if (locked === undefined) return console.log("left out: no read-only folder can be made here");
  const frame = await open(page, "locked/photo_mask.png");
  await pressButton(frame, "Accept");
  await noticeLine(frame, /photo_mask\.refined\.png cannot be written/).waitFor();
  await w.shot("read-only");
  expect(readdirSync(w.workspace.path("locked")).sort()).toEqual(["photo.jpg", "photo_mask.png"]);
  await closeEditors(page);
});

step(
  "an engine that is killed while a preview is open comes back with the next change",
  async (page) => {
    const frame = await open(page, "masks/mug.png");
    const [pid] = await waitForEngines(w.server.extensionsFolder, 1);
    process.kill(pid!, "SIGKILL");
    await waitForEngines(w.server.extensionsFolder, 0);
    // What is asked before VS Code hears of the end is lost with the engine, and told.
    await statusEntry(page, "SAMRefiner: not running").waitFor();
    await moveSlider(frame, "Iterations", 1);
    await waitForEngines(w.server.extensionsFolder, 1);
    await idle(frame);
    await frame.locator(".section-note", { hasText: "Default, changed" }).waitFor();
    await w.shot("killed-preview");
    expect(await noticeLine(frame, "ended unexpectedly").count()).toBe(0);
    await pressButton(frame, "Accept");
    await noticeLine(frame, "Wrote masks/mug.refined.png").waitFor();
    const expected = await refinedOnce(w.workspace.path("images/mug.jpg"), w.workspace.path("masks/mug.png"));
    expect(readFileSync(w.workspace.path("masks/mug.refined.png")).equals(expected)).toBe(true);
    rmSync(w.workspace.path("masks/mug.refined.png"));
    await closeEditors(page);
  },
  90_000,
);

step(
  "an engine that is killed during a run is started again, and the run goes on",
  async (page) => {
    const before = Object.fromEntries(PHOTOS.map((path) => [path, readFileSync(w.workspace.path(path))]));
    await runCommand(page, "SAMRefiner: Refine Masks in Workspace");
    await pick(page, "All masks in");
    await pick(page, "Into refined");
    await notification(page, /[1-4] of \d photos/).waitFor({ timeout: 90_000 });
    for (const pid of engineProcesses(w.server.extensionsFolder)) process.kill(pid, "SIGKILL");
    await notification(page, /\d photos done: \d+ regions refined/).waitFor({ timeout: 120_000 });
    await w.shot("killed-run");
    for (const path of [
      "masks/mug.png",
      "masks/apple.png",
      "masks/table.png",
      "labelme/desk.json",
      "coco/instances.json",
    ]) {
      expect(existsSync(w.workspace.path(`refined/${path}`)), path).toBe(true);
    }
    for (const [path, bytes] of Object.entries(before))
      expect(readFileSync(w.workspace.path(path)).equals(bytes)).toBe(true);
    expect(readFileSync(w.workspace.path("masks/mug.png")).equals(sample("mug_coarse.png"))).toBe(true);
  },
  240_000,
);

/** What the SDK writes with one iteration. */
async function refinedOnce(image: string, mask: string): Promise<Uint8Array> {
  const refiner = await createRefiner({ device: "cpu", cacheDir: w.server.cacheFolder });
  try {
    return (await refiner.refine({ image, mask }, { settings: { iterations: 1 } })).toPNG();
  } finally {
    await refiner.close();
  }
}

/** Makes a folder read-only, also for root; `undefined` where that cannot be done. */
function lock(folder: string): string | undefined {
  try {
    execFileSync("mount", ["--bind", folder, folder], { stdio: "ignore" });
    execFileSync("mount", ["-o", "remount,ro,bind", folder], { stdio: "ignore" });
    return folder;
  } catch {
    return undefined;
  }
}
