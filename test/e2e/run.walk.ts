/** A person refines a whole workspace, stops, goes on, and reviews what came out. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { createRefiner, readMask } from "../../src/sdk/mod.ts";
import { makePhotos } from "./harness/make-photos.ts";
import { KITCHEN } from "./harness/make-workspace.ts";
import { notification, notificationButton, pick, quickRow, reloadWindow, runCommand } from "./harness/mod.ts";
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
type Labels = Awaited<ReturnType<typeof readMask>>;
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
    const refiner = await createRefiner({ device: "cpu", cacheDir: w.server.cacheFolder });
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
  await countsLine(page, "9 regions: 9 refined · 0 accepted, 0 rejected").waitFor();
  await row(page, /^4/).and(page.locator(".selected")).waitFor();
  await w.shot("review");
});

step(
  "keys reject, accept and go on; a rejected region is as it was",
  async (page) => {
    const table = refined("masks/table.png");
    const coarse = await readMask(w.workspace.path("masks/table.png"));
    expect(labelIoU(await readMask(table), coarse, 4)).toBeLessThan(0.95);
    await page.keyboard.press("r");
    await countsLine(page, "0 accepted, 1 rejected").waitFor();
    await expect.poll(async () => labelIoU(await readMask(table), coarse, 4)).toBeGreaterThan(0.99);
    await page.keyboard.press("a");
    await countsLine(page, "1 accepted, 1 rejected").waitFor();
    await w.shot("decided");
    expect(await page.locator(".monaco-list-row.selected").first().innerText()).toMatch(/^1/);
  },
  90_000,
);

step(
  "a decision is taken back, and the refined region with it",
  async (page) => {
    await page.keyboard.press("Shift+F8");
    await page.keyboard.press("Shift+F8");
    await row(page, /^4/).and(page.locator(".selected")).waitFor();
    await previewReady(page);
    await page.keyboard.press("u");
    await countsLine(page, "1 accepted, 0 rejected").waitFor();
    const coarse = await readMask(w.workspace.path("masks/table.png"));
    const table = refined("masks/table.png");
    await expect.poll(async () => labelIoU(await readMask(table), coarse, 4)).toBeLessThan(0.95);
  },
  90_000,
);

step("a region of another format opens by a click", async (page) => {
  await row(page, /^set\.jpg/).click();
  await row(page, /^apple \(annotations\/12\)/).click();
  await page.getByRole("tab", { name: /set\.jpg|instances\.json/ }).waitFor();
  await previewReady(page);
  await w.shot("coco");
});

step("the report opens", async (page) => {
  await runCommand(page, "SAMRefiner: Open Report");
  await page.getByRole("tab", { name: "Report: refined" }).waitFor();
  await page
    .frameLocator("iframe.webview.ready")
    .last()
    .frameLocator("iframe#active-frame")
    .getByText("table")
    .first()
    .waitFor();
  await w.shot("report");
});

step("a reload of the window finds the review again", async (page) => {
  await reloadWindow(page);
  await runCommand(page, "SAMRefiner: Review Run");
  await countsLine(page, "1 accepted, 0 rejected").waitFor();
  await w.shot("reloaded");
  expect(w.window.foreign).toEqual([]);
});

function row(page: Page, text: RegExp): Locator {
  return page.locator(".pane-body .monaco-list-row").filter({ hasText: text }).first();
}

function countsLine(page: Page, text: string): Locator {
  return page.locator(".tree-explorer-viewlet-tree-view .message").filter({ hasText: text });
}

/** IoU of one label of two maps. */
function labelIoU(a: Labels, b: Labels, label: number): number {
  let both = 0;
  let either = 0;
  for (let i = 0; i < a.data.length; i++) {
    both += Number(a.data[i] === label && b.data[i] === label);
    either += Number(a.data[i] === label || b.data[i] === label);
  }
  return both / either;
}
