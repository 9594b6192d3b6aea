/** A person refines a whole workspace, stops, goes on, and reviews what came out. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { createRefiner } from "../../src/sdk/mod.ts";
import { makePhotos } from "./harness/make-photos.ts";
import { KITCHEN } from "./harness/make-workspace.ts";
import { notification, notificationButton, pick, previewFrame, quickRow, runCommand } from "./harness/mod.ts";
import { previewReady } from "./harness/preview-page.ts";
import { walk } from "./harness/walk.ts";

const PHOTOS = ["images/mug.jpg", "images/apple.jpg", "images/table.jpg", "labelme/desk.jpg", "coco/set.jpg"];
const RESULTS = [
  "masks/mug.png",
  "masks/apple.png",
  "masks/table.png",
  "labelme/desk.json",
  "coco/instances.json",
];

const w = walk({
  name: "run",
  files: KITCHEN,
  prepare: (workspace) => makePhotos(PHOTOS.map((path) => workspace.path(path))),
});
const { step } = w;
const refined = (path: string): string => w.workspace.path(join("refined", path));
const written = (): string[] =>
  readdirSync(w.workspace.path("refined"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

step("Refine Masks in Workspace asks what, and tells how much there is", async (page) => {
  await runCommand(page, "SAMRefiner: Refine Masks in Workspace");
  await quickRow(page, "All masks in").waitFor();
  await w.shot("what");
  await pick(page, "All masks in");
  await quickRow(page, "Into refined").waitFor();
  await w.shot("where");
  const title = await page.locator(".quick-input-title").innerText();
  expect(title).toBe("5 photos: 1 COCO, 3 mask files, 1 labelme");
});

step(
  "the run shows its progress and is cancelled",
  async (page) => {
    await pick(page, "Into refined");
    await notification(page, /[1-4] of 5 photos/).waitFor({ timeout: 60_000 });
    await w.shot("progress");
    await notificationButton(page, "Refining masks", "Cancel").click();
    await notification(page, /Stopped after \d photo/).waitFor({ timeout: 30_000 });
    await w.shot("stopped");
  },
  120_000,
);

step("what is done is whole, and nothing else is there", async () => {
  const journal = readFileSync(refined("samrefiner-run.jsonl"), "utf8");
  expect(
    journal
      .trim()
      .split("\n")
      .every((line) => JSON.parse(line) !== undefined),
  ).toBe(true);
  const names = RESULTS.map((path) => path.split("/").at(-1));
  const others = written().filter((name) => !names.includes(name) && !name.startsWith("samrefiner-run"));
  expect(others).toEqual([]);
  expect(RESULTS.filter((path) => existsSync(refined(path))).length).toBeLessThan(RESULTS.length);
});

step(
  "Continue does the rest",
  async (page) => {
    await notificationButton(page, "Stopped after", "Continue").click();
    await notification(page, /5 photos done: \d+ regions refined/).waitFor({ timeout: 90_000 });
    await w.shot("done");
  },
  120_000,
);

step(
  "every format holds exactly what the SDK writes",
  async () => {
    const copy = mkdtempSync(join(tmpdir(), "samrefiner-copy-"));
    const refiner = await createRefiner({ device: "cpu", cacheDir: null });
    try {
      const dataset = join(copy, "dataset");
      cpSync(w.workspace.folder, dataset, {
        recursive: true,
        filter: (path) => path !== refined("") && !path.endsWith("/refined"),
      });
      const out = join(copy, "refined");
      for await (const { failures } of refiner.refineDataset(dataset, { out })) expect(failures).toEqual([]);
      for (const path of RESULTS) {
        expect(readFileSync(refined(path)).equals(readFileSync(join(out, path))), path).toBe(true);
        expect(readFileSync(refined(path)).equals(readFileSync(w.workspace.path(path))), path).toBe(false);
      }
    } finally {
      await refiner.close();
      rmSync(copy, { recursive: true, force: true });
    }
  },
  120_000,
);

step("Review opens the most doubtful region in tree and preview", async (page) => {
  await notificationButton(page, "5 photos done", "Review").click();
  await previewReady(page);
  await reviewRows(page).first().waitFor();
  await w.shot("review");
  expect(await counts(page)).toMatch(/\d+ regions: .* · 0 accepted, 0 rejected/);
});

step("keys accept, reject and go on", async (page) => {
  await page.keyboard.press("F8");
  await page.waitForTimeout(500);
  await w.shot("review-next");
});

const reviewRows = (page: import("playwright-core").Page) =>
  page.locator(".pane [role=treeitem][aria-level]");
const counts = (page: import("playwright-core").Page) =>
  page.locator(".tree-explorer-viewlet-tree-view .message").first().innerText();
