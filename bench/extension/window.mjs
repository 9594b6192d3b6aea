// Windows of VS Code whose pages note what happens in them.
import { contextMenu, makeWorkspace, openWindow, runCommand, shot } from "../../test/e2e/harness/mod.ts";
import { previewReady } from "../../test/e2e/harness/preview-page.ts";
import { noteEvents } from "./page-hooks.mjs";

/** Opens a folder, does something in its window and closes it. */
export async function inWindow({ browser, server }, folder, work, options = {}) {
  const noting = {
    newContext: async (settings) => {
      const context = await browser.newContext(settings);
      await context.addInitScript(noteEvents);
      return context;
    },
  };
  const window = await openWindow(noting, server, folder, options);
  try {
    return await work(window.page);
  } catch (error) {
    console.error(`What the window showed: ${await shot(window.page, `failed-${process.pid}`)}`);
    throw error;
  } finally {
    await window.close();
  }
}

/** Works in a temporary folder once `write` has put files there; it gives absolute paths. */
export async function inWorkspace(write, work) {
  using workspace = makeWorkspace({ "README.md": { text: "" } });
  await write(workspace.path);
  return await work(workspace.folder);
}

/**
 * Right-clicks a mask and waits for its preview.
 *
 * @returns its frame, milliseconds from the click to the masks being drawn, and the engine's timings
 */
export async function refineByMouse(page, mask, timeout) {
  await runCommand(page, "View: Close All Editors");
  await contextMenu(page, mask, "Refine Mask");
  const frame = await previewReady(page, timeout);
  await page.waitForTimeout(500);
  const clicked = await page.evaluate(() => window.bench.released);
  const { timings, shown } = await frame.locator("canvas.canvas").evaluate(() => {
    const [first] = window.bench.answers;
    return { timings: first.timings, shown: window.bench.shownAfter(first) };
  });
  return { frame, drawn: shown - clicked, timings };
}
