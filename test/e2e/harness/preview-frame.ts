/** The page inside a webview. */
import type { FrameLocator, Page } from "playwright-core";

/** The frame of the webview that is shown, or of the `index`-th one. */
export function previewFrame(page: Page, index = 0): FrameLocator {
  return page.frameLocator("iframe.webview.ready").nth(index).frameLocator("iframe#active-frame");
}
