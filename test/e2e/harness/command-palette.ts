/** The command palette, quick picks and input boxes. */
import type { Locator, Page } from "playwright-core";

/** A window that is just starting takes seconds to draw a row where it stays. */
const CLICK_LIMIT = 10_000;

/** Runs a command by its title, for example `SAMRefiner: Refine Masks in Workspace`. */
export async function runCommand(page: Page, title: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const row = await findCommand(page, title);
    try {
      return await row.click({ timeout: CLICK_LIMIT });
    } catch (error) {
      // What opens meanwhile takes the focus, and the palette closes.
      if (attempt === 5) throw error;
      await page.keyboard.press("Escape");
    }
  }
}

/** Types a title into the palette and waits for its row. */
export async function findCommand(page: Page, title: string): Promise<Locator> {
  const row = quickRow(page, title);
  for (let attempt = 1; ; attempt++) {
    await page.keyboard.press("F1");
    try {
      const input = page.locator(".quick-input-widget input[type=text]").first();
      await input.fill(`>${title}`, { timeout: 3_000 });
      await row.waitFor({ timeout: 3_000 });
      return row;
    } catch (error) {
      // Commands are missing from the palette until the extension is registered.
      if (attempt === 5) throw error;
      await page.keyboard.press("Escape");
    }
  }
}

/** A row of the open quick pick. */
export function quickRow(page: Page, text: string | RegExp): Locator {
  return page.locator(".quick-input-list .monaco-list-row").filter({ hasText: text }).first();
}

/** Waits for a quick pick with such a row, and chooses it. */
export async function pick(page: Page, text: string | RegExp): Promise<void> {
  const row = quickRow(page, text);
  await row.waitFor({ timeout: 20_000 });
  await row.click();
}

/** Reloads the window as its user does: VS Code keeps what is open first, which a reload of the page may cut short. */
export async function reloadWindow(page: Page): Promise<void> {
  await Promise.all([page.waitForEvent("load"), runCommand(page, "Developer: Reload Window")]);
}
