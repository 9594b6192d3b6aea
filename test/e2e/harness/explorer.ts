/** The explorer, used as a person does. */
import type { Locator, Page } from "playwright-core";

const MENU_LIMIT = 30_000;
const MENU_DEAF = 250;

/** The row of a file or folder; folders above it are opened. `path` is relative to the workspace. */
export async function explorerRow(page: Page, path: string): Promise<Locator> {
  const parts = path.split("/");
  for (const depth of parts.keys()) {
    const row = rowNamed(page, parts.slice(0, depth + 1).join("/"));
    await row.waitFor({ timeout: 15_000 });
    if (depth === parts.length - 1) return row;
    if ((await row.getAttribute("aria-expanded")) !== "true") await row.click();
  }
  throw new RangeError("An explorer row needs a path");
}

/** Rows carry the path of their file, the workspace's folder included. */
function rowNamed(page: Page, path: string): Locator {
  return page
    .locator(`.explorer-folders-view [role=treeitem][aria-level="${path.split("/").length}"]`)
    .filter({ has: page.locator(`.monaco-icon-label[aria-label$="/${path}"]`) })
    .first();
}

/** Selects several files, the last one focused. */
export async function selectFiles(page: Page, paths: readonly string[]): Promise<void> {
  for (const [index, path] of paths.entries()) {
    const row = await explorerRow(page, path);
    await row.click(index === 0 ? {} : { modifiers: ["Control"] });
  }
}

/**
 * Right-clicks a file and chooses an entry. The menu is opened again until the entry is in it: it is missing until the
 * extension is registered.
 */
export async function contextMenu(page: Page, path: string, entry: string | RegExp): Promise<void> {
  const item = await openContextMenu(page, path, entry);
  // A menu takes no click in the first moments, so that the one which opened it does not choose.
  await page.waitForTimeout(MENU_DEAF);
  await item.click();
}

/** Opens the menu of a file and waits for an entry, which is not chosen. */
export async function openContextMenu(page: Page, path: string, entry: string | RegExp): Promise<Locator> {
  const row = await explorerRow(page, path);
  const item = page.getByRole("menuitem", { name: entry }).first();
  for (const limit = Date.now() + MENU_LIMIT; ; ) {
    await row.click({ button: "right" });
    try {
      await item.waitFor({ timeout: 1_500 });
      return item;
    } catch (error) {
      if (Date.now() > limit) throw error;
      await page.keyboard.press("Escape");
    }
  }
}

/** Texts of the open menu's entries. */
export async function menuEntries(page: Page): Promise<string[]> {
  return page.locator(".monaco-menu .action-label").allInnerTexts();
}
