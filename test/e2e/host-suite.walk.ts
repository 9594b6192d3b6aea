/** The suites of `test/host`, inside the extension host of the installed package. */
import { readFileSync } from "node:fs";
import { expect, inject, test } from "vitest";
import type { HostResult } from "../host/index.ts";
import { makeWorkspace } from "./harness/make-workspace.ts";
import { openBrowser } from "./harness/open-browser.ts";
import { windowAddress } from "./harness/open-window.ts";
import { shot } from "./harness/shot.ts";
import { startServer } from "./harness/start-server.ts";

const LIMIT = 180_000;

// Each of their tests becomes one here, so that all are counted.
for (const { title, error } of await run()) {
  test(title, () => {
    if (error !== undefined) expect.fail(error);
  });
}

async function run(): Promise<HostResult[]> {
  const { buildSuite } = await import("../../scripts/host-suite/build-suite.mjs");
  const { entry, results, driver } = await buildSuite(`server-${process.pid}`);
  using workspace = makeWorkspace();
  const server = await startServer({ driver: true, extensionsFolder: inject("server").extensionsFolder });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    const log: string[] = [];
    await page.exposeFunction("codeAutomationLog", (_: string, args: unknown[]) => log.push(args.join(" ")));
    const exit = new Promise<number>((resolve, reject) => {
      void page.exposeFunction("codeAutomationExit", resolve);
      setTimeout(() => reject(new Error(`The suites did not end:\n${log.join("\n")}`)), LIMIT).unref();
    });
    await page.goto(windowAddress(server, workspace.folder, { developmentPath: driver, testsPath: entry }));
    await exit;
    await shot(page, "host-suite");
    return JSON.parse(readFileSync(results, "utf8")) as HostResult[];
  } finally {
    await browser.close();
    await server.stop();
  }
}
