/** Screenshots, kept as artefacts of the tests. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { projectRoot } from "./project-root.ts";

/** Saves what a window shows; returns the picture's path. */
export async function shot(page: Page, name: string): Promise<string> {
  const folder = join(projectRoot, ".cache/e2e/shots");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: "disabled" });
  return path;
}
