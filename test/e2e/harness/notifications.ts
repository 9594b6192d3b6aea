/** Notifications and dialogs. */
import type { Locator, Page } from "playwright-core";

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

/** Closes whatever notifications there are. */
export async function clearNotifications(page: Page): Promise<void> {
  const toasts = page.locator(".notifications-toasts .notification-list-item");
  for (let left = 10; left > 0 && (await toasts.count()) > 0; left--) {
    await toasts.first().hover();
    await toasts.first().locator(".codicon-notifications-clear").click();
  }
}

/** A button of the modal dialog. */
export function dialogButton(page: Page, label: string | RegExp): Locator {
  return page.locator(".monaco-dialog-box").getByRole("button", { name: label });
}

/** The entry of the status bar with such a text. */
export function statusEntry(page: Page, text: string | RegExp): Locator {
  return page.locator(".statusbar-item").filter({ hasText: text }).first();
}
