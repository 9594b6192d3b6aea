/** A notebook's editor, used as a person does. */
import type { FrameLocator, Locator, Page } from "playwright-core";
import { runCommand } from "./command-palette.ts";
import { previewFrame } from "./preview-frame.ts";

/** Where the outputs of all cells are drawn. */
export function outputs(page: Page): FrameLocator {
  return previewFrame(page);
}

/** A button of the notebook's tool bar. */
export function toolButton(page: Page, label: string): Locator {
  return page.locator(".notebook-toolbar-container").getByRole("button", { name: label }).first();
}

/** Adds a cell at the end, with its cursor behind the code. */
export async function addCell(page: Page, code: string): Promise<void> {
  await runCommand(page, "Notebook: Focus Last Cell");
  await runCommand(page, "Notebook: Insert Code Cell Below");
  await page.locator(".notebookOverlay .code-cell-row.focused .monaco-editor.focused").waitFor();
  // At once: what is typed letter by letter is completed by the editor.
  await page.keyboard.insertText(code);
}

/** Adds a cell at the end and runs it. */
export async function runCell(page: Page, code: string): Promise<void> {
  await addCell(page, code);
  await runCommand(page, "Notebook: Execute Cell");
}
