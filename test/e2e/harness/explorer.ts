/** The explorer, used as a person does. */
import type { Locator, Page } from "playwright-core";

const MENU_LIMIT = 30_000;
const MENU_DEAF = 250;
const ROW_LIMIT = 60_000;
const ROW_PATIENCE = 8_000;

/** The row of a file or folder; folders above it are opened. `path` is relative to the workspace. */
export async function explorerRow(page: Page, path: string): Promise<Locator> {
  const row = rowNamed(page, path);
  const folders = path.split("/").slice(0, -1);
  // A folder that the explorer is just reading closes again: it is opened until its row is there.
  for (const end = Date.now() + ROW_LIMIT; Date.now() < end; ) {
    for (const depth of folders.keys()) await openFolder(page, folders.slice(0, depth + 1).join("/"));
    const found = await row.waitFor({ timeout: ROW_PATIENCE }).then(
      () => true,
      () => false,
    );
    if (found) return row;
  }
  throw new Error(`The explorer shows no ${path}`);
}

async function openFolder(page: Page, path: string): Promise<void> {
  const row = rowNamed(page, path);
  await row.waitFor();
  if ((await row.getAttribute("aria-expanded")) !== "true") await row.click();
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
