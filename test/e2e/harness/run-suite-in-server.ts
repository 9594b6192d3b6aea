/** Suites of `test/host` in the extension host of code-server. */
import { openBrowser } from "./open-browser.ts";
import { windowAddress } from "./open-window.ts";
import { startServer } from "./start-server.ts";

/** What is run where. */
export interface SuiteRun {
  /** The bundled suites. */
  readonly entry: string;
  /** Folder of an extension that does nothing: tests run for an extension in development. */
  readonly driver: string;
  /** Workspace to open. */
  readonly folder: string;
}

const LIMIT = 180_000;

/**
 * Resolves when the suites ended, whatever came of them.
 *
 * @param extensionsFolder where the package is installed
 * @throws {Error} with what they printed when they do not end within three minutes
 */
export async function runSuiteInServer(run: SuiteRun, extensionsFolder: string): Promise<void> {
  const server = await startServer({ driver: true, extensionsFolder });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    const log: string[] = [];
    await page.exposeFunction("codeAutomationLog", (_: string, args: unknown[]) => log.push(args.join(" ")));
    const exit = new Promise<void>((resolve, reject) => {
      void page.exposeFunction("codeAutomationExit", () => resolve());
      setTimeout(() => reject(new Error(`The suites did not end:\n${log.join("\n")}`)), LIMIT).unref();
    });
    const options = { developmentPath: run.driver, testsPath: run.entry };
    await page.goto(windowAddress(server, run.folder, options));
    await exit;
  } finally {
    await browser.close();
    await server.stop();
  }
}
