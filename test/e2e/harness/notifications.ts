/** Notifications and dialogs. */
import type { Locator, Page } from "playwright-core";
import { runCommand } from "./command-palette.ts";

/** A notification that contains a text. */
export function notification(page: Page, text: string | RegExp): Locator {
  return page.locator(".notifications-toasts .notification-list-item").filter({ hasText: text }).first();
}

/** A button of a notification. */
export function notificationButton(page: Page, text: string | RegExp, label: string): Locator {
  return notification(page, text)
    .locator("a.monaco-button, .monaco-button")
    .filter({ hasText: label })
    .first();
}

/**
 * Closes whatever notifications there are. By command: a toast that goes by itself would leave
 * the mouse with nothing to click.
 */
export async function clearNotifications(page: Page): Promise<void> {
  const toasts = page.locator(".notifications-toasts .notification-list-item");
  if ((await toasts.count()) === 0) return;
  await runCommand(page, "Notifications: Clear All Notifications");
  await toasts.first().waitFor({ state: "detached" });
}

/** A button of the modal dialog. */
export function dialogButton(page: Page, label: string | RegExp): Locator {
  return page.locator(".monaco-dialog-box").getByRole("button", { name: label });
}

/** The entry of the status bar with such a text. */
export function statusEntry(page: Page, text: string | RegExp): Locator {
  return page.locator(".statusbar-item").filter({ hasText: text }).first();
}
