/** The preview, used as a person does. */
import type { FrameLocator, Locator, Page } from "playwright-core";
import { previewFrame } from "./preview-frame.ts";

/** Waits until masks are shown and nothing is under way. */
export async function previewReady(page: Page, timeout = 45_000): Promise<FrameLocator> {
  const frame = previewFrame(page);
  await frame.locator(".accept-button:not([disabled])").waitFor({ timeout });
  await idle(frame);
  return frame;
}

/** Waits until no refinement is under way. */
export async function idle(frame: FrameLocator): Promise<void> {
  await frame.locator(".region-grid").waitFor();
  // The page begins a moment after the last movement of a slider.
  for (let quiet = 0; quiet < 3; ) {
    const busy = await frame.locator("div.progress").evaluate((bar) => bar.classList.contains("on"));
    quiet = busy ? 0 : quiet + 1;
    await new Promise((resolve) => setTimeout(resolve, 80));
  }
}

/** Presses a key on the photo. */
export async function pressKey(frame: FrameLocator, key: string): Promise<void> {
  await frame.locator("canvas.canvas").press(key);
}

/** Shows one of both masks alone: blinking, stopped. */
export async function showAlone(frame: FrameLocator, side: "coarse" | "refined"): Promise<void> {
  const offersOther = frame.getByRole("button", { name: side === "coarse" ? "Show refined" : "Show coarse" });
  await pressKey(frame, "t");
  if (!(await offersOther.isVisible())) await pressKey(frame, "t");
  await offersOther.waitFor();
}

/** A line at the top of the page. */
export function noticeLine(frame: FrameLocator, text: string | RegExp): Locator {
  return frame.locator(".notice").filter({ hasText: text }).first();
}

/** Moves a slider of the method. */
export async function moveSlider(frame: FrameLocator, label: string, position: number): Promise<void> {
  await frame.getByRole("slider", { name: label }).fill(String(position));
}

/** Presses a button of the side bar. */
export async function pressButton(frame: FrameLocator, name: string): Promise<void> {
  await frame.locator("vscode-button").filter({ hasText: name }).first().click();
}

/** Clicks the place of a photo pixel, of a photo that is drawn in `place`. */
export async function clickPhoto(
  frame: FrameLocator,
  pixel: { readonly x: number; readonly y: number },
  place: { readonly left: number; readonly top: number; readonly width: number },
  photoWidth: number,
): Promise<void> {
  const scale = place.width / photoWidth;
  const position = { x: place.left + pixel.x * scale, y: place.top + pixel.y * scale };
  await frame.locator("canvas.canvas").click({ position });
}
