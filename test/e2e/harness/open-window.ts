/** A window of VS Code on a folder. */
import type { Browser, Page } from "playwright-core";
import type { Server } from "./start-server.ts";

/** How a window is opened. */
export interface WindowOptions {
  /** Absolute path of an extension that is loaded from its folder, not installed. */
  readonly developmentPath?: string;
  /** Absolute path of a suite that the extension host runs. */
  readonly testsPath?: string;
  /** @default { width: 1280, height: 800 } */
  readonly size?: { readonly width: number; readonly height: number };
}

/** A window, with what it asked of other machines. */
export interface Window {
  readonly page: Page;
  /** Addresses outside this machine that were requested; none are expected. */
  readonly foreign: readonly string[];
  /** What the page reported as errors. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

const LOAD_LIMIT = 60_000;

/** Opens a folder and waits until the workbench can be used. */
export async function openWindow(
  browser: Browser,
  server: Pick<Server, "authority">,
  folder: string,
  options: WindowOptions = {},
): Promise<Window> {
  const context = await browser.newContext({ viewport: options.size ?? { width: 1280, height: 800 } });
  const page = await context.newPage();
  const foreign: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => {
    if (isForeign(request.url())) foreign.push(request.url());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(windowAddress(server, folder, options));
  await page.locator(".monaco-workbench").waitFor({ timeout: LOAD_LIMIT });
  await page.locator(".explorer-folders-view").waitFor({ timeout: LOAD_LIMIT });
  return { page, foreign, errors, close: () => context.close() };
}

/** Address of a folder's window. */
export function windowAddress(
  server: Pick<Server, "authority">,
  folder: string,
  options: WindowOptions = {},
): string {
  const remote = (path: string): string => `vscode-remote://${server.authority}${path}`;
  const payload = [
    ["skipWelcome", "true"],
    ...(options.developmentPath === undefined
      ? []
      : [["extensionDevelopmentPath", remote(options.developmentPath)]]),
    ...(options.testsPath === undefined ? [] : [["extensionTestsPath", remote(options.testsPath)]]),
  ];
  const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
  return `http://${server.authority}/?${query}`;
}

function isForeign(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  if (!/^(https?|wss?):$/.test(protocol)) return false;
  // Webviews live on made-up names that VS Code's service worker answers.
  return (
    hostname !== "127.0.0.1" &&
    hostname !== "localhost" &&
    !hostname.endsWith(".vscode-resource.vscode-cdn.net")
  );
}
