/** A folder that is not trusted: masks are refined, but none of its settings may choose what is run. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { expect, inject } from "vitest";
import { contextMenu, statusEntry } from "./harness/mod.ts";
import { previewReady } from "./harness/preview-page.ts";
import { startServer } from "./harness/start-server.ts";
import { walk } from "./harness/walk.ts";

/** Would run instead of Node, and leave a trace. */
const EVIL = (trace: string): string => `#!/bin/sh\ntouch ${trace}\nexit 1\n`;

const w = walk({
  name: "trust",
  files: {
    "images/mug.jpg": { sample: "photo.jpg" },
    "masks/mug.png": { sample: "mug_coarse.png" },
  },
  prepare: (workspace) => {
    writeFileSync(workspace.path("node"), EVIL(workspace.path("trace")), { mode: 0o755 });
    const settings = {
      "samrefiner.engine.nodePath": workspace.path("node"),
      "samrefiner.engine.model": workspace.path("model.json"),
      "samrefiner.engine.cacheDir": workspace.path("cache"),
    };
    mkdirSync(workspace.path(".vscode"));
    writeFileSync(workspace.path(".vscode/settings.json"), JSON.stringify(settings));
  },
  server: () => startServer({ trust: true, extensionsFolder: inject("server").extensionsFolder }),
});
const { step } = w;

step("VS Code opens the folder in restricted mode", async (page) => {
  await page.getByText("Restricted Mode").first().waitFor();
  await w.shot("restricted");
});

step("a mask is refined all the same", async (page) => {
  await contextMenu(page, "masks/mug.png", "Refine Mask");
  await previewReady(page);
  await statusEntry(page, "SAMRefiner: CPU").waitFor();
  await w.shot("preview");
});

step("what the folder's settings wanted to run was not run", () => {
  expect(existsSync(w.workspace.path("trace"))).toBe(false);
  expect(existsSync(w.workspace.path("cache"))).toBe(false);
  return Promise.resolve();
});
