/** A session for trying things out; started by `scripts/open-vscode.mjs`, see README.md. */
import { once } from "node:events";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { makeWorkspace } from "./make-workspace.ts";
import { openBrowser } from "./open-browser.ts";
import { openWindow, type Window, windowAddress } from "./open-window.ts";
import { shot } from "./shot.ts";
import { type Server, startServer } from "./start-server.ts";

/** What a file of steps is given; its default export is called with it. */
export interface SessionTools extends Window {
  readonly server: Server;
  /** Absolute path of the opened folder. */
  readonly folder: string;
  shot(page: Page, name: string): Promise<string>;
}

type Steps = (tools: SessionTools) => Promise<void>;

const { values } = parseArgs({
  options: {
    folder: { type: "string" },
    steps: { type: "string" },
    vsix: { type: "string" },
    trust: { type: "boolean", default: false },
  },
});

using workspace = values.folder === undefined ? makeWorkspace() : undefined;
const folder = resolve(values.folder ?? workspace?.folder ?? ".");
const server = await startServer({
  vsix: values.vsix === undefined ? [] : [resolve(values.vsix)],
  checkout: values.vsix === undefined,
  trust: values.trust,
});
try {
  if (values.steps === undefined) await waitForInterrupt(windowAddress(server, folder));
  else await walk(values.steps);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await server.stop();
}

async function waitForInterrupt(address: string): Promise<void> {
  console.log(`${address}\nCtrl-C ends it.`);
  await once(process, "SIGINT");
}

async function walk(stepsFile: string): Promise<void> {
  const { default: steps } = (await import(pathToFileURL(resolve(stepsFile)).href)) as { default: Steps };
  const browser = await openBrowser();
  const window = await openWindow(browser, server, folder);
  try {
    await steps({ ...window, server, folder, shot });
  } catch (error) {
    console.error(`What the window showed: ${await shot(window.page, `failed-${process.pid}`)}`);
    throw error;
  } finally {
    await browser.close();
  }
}
