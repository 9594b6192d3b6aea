/** A window for the steps of one file; steps build on each other. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, inject, test } from "vitest";
import { makeWorkspace, type Workspace, type WorkspaceFiles } from "./make-workspace.ts";
import { openBrowser } from "./open-browser.ts";
import { openWindow, type Window } from "./open-window.ts";
import { shot } from "./shot.ts";
import type { Server } from "./start-server.ts";

/** How a walk begins. */
export interface WalkOptions {
  /** Begins the names of its screenshots. */
  readonly name: string;
  /** @default the kitchen */
  readonly files?: WorkspaceFiles | (() => Promise<WorkspaceFiles>);
  /** Changes the workspace before it is opened. */
  readonly prepare?: (workspace: Workspace) => Promise<void> | void;
  /** @default the one with the packaged extension, which all walks share */
  readonly server?: () => Promise<Server>;
}

/** What steps work with. */
export interface Walk {
  readonly page: Page;
  readonly window: Window;
  readonly workspace: Workspace;
  readonly server: Omit<Server, "stop">;
  /** Saves a screenshot. */
  shot(name: string): Promise<string>;
  /** One step; once one failed, those after it are left out. */
  step(name: string, run: (page: Page) => Promise<void>, timeout?: number): void;
}

const STEP_LIMIT = 60_000;
const WAIT_LIMIT = 30_000;

/** Opens a window before the first step and closes it after the last. */
export function walk(options: WalkOptions): Walk {
  let opened: { browser: Browser; window: Window; workspace: Workspace; server: Omit<Server, "stop"> };
  let own: Server | undefined;
  let failed = false;
  let number = 1;
  beforeAll(async () => {
    const files = typeof options.files === "function" ? await options.files() : options.files;
    const workspace = makeWorkspace(files);
    await options.prepare?.(workspace);
    own = await options.server?.();
    const server = own ?? inject("server");
    const browser = await openBrowser();
    const window = await openWindow(browser, server, workspace.folder);
    window.page.setDefaultTimeout(WAIT_LIMIT);
    opened = { browser, window, workspace, server };
  }, 120_000);
  afterAll(async () => {
    await opened?.browser.close();
    await own?.stop();
    opened?.workspace[Symbol.dispose]();
  });
  const take = (name: string): Promise<string> =>
    shot(opened.window.page, `${options.name}-${String(number++).padStart(2, "0")}-${name}`);
  return {
    get page() {
      return opened.window.page;
    },
    get window() {
      return opened.window;
    },
    get workspace() {
      return opened.workspace;
    },
    get server() {
      return opened.server;
    },
    shot: take,
    step: (name, run, timeout = STEP_LIMIT) =>
      test(name, { timeout }, async ({ skip, signal }) => {
        skip(failed, "an earlier step failed");
        signal.addEventListener("abort", () => {
          failed = true;
        });
        try {
          await run(opened.window.page);
        } catch (error) {
          failed = true;
          await take("failed");
          throw error;
        }
      }),
  };
}
