/** Suites of `test/host` in a VS Code that is downloaded: where its site is reachable and there is a display. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTests, runVSCodeCommand, TestRunFailedError } from "@vscode/test-electron";
import { projectRoot } from "./project-root.ts";
import type { SuiteRun } from "./run-suite-in-server.ts";
import { vsixFile } from "./vsix-file.ts";

/** Resolves when the suites ended, whatever came of them. */
export async function runSuiteInElectron(run: SuiteRun): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "samrefiner-electron-"));
  const profile = [`--user-data-dir=${join(home, "data")}`, `--extensions-dir=${join(home, "extensions")}`];
  const cachePath = join(projectRoot, ".cache/vscode-electron");
  try {
    await runVSCodeCommand([...profile, "--install-extension", vsixFile()], { cachePath });
    await runTests({
      cachePath,
      extensionDevelopmentPath: run.driver,
      extensionTestsPath: run.entry,
      launchArgs: [run.folder, ...profile, "--disable-workspace-trust", "--skip-welcome"],
    });
  } catch (error) {
    // Which tests failed is in their results.
    if (!(error instanceof TestRunFailedError)) throw error;
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
