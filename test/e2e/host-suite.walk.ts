/** The suites of `test/host`, inside the extension host of a VS Code with the package installed. */
import { readFileSync } from "node:fs";
import { expect, inject, test } from "vitest";
import type { HostResult } from "../host/index.ts";
import { hasServer } from "./harness/has-server.ts";
import { makeWorkspace } from "./harness/make-workspace.ts";
import { runSuiteInElectron } from "./harness/run-suite-in-electron.ts";
import { runSuiteInServer } from "./harness/run-suite-in-server.ts";

// Each of their tests becomes one here, so that all are counted.
for (const { title, error } of await results()) {
  test(title, () => {
    if (error !== undefined) expect.fail(error);
  });
}

async function results(): Promise<HostResult[]> {
  const { buildSuite } = await import("../../scripts/host-suite/build-suite.mjs");
  const { results, ...suite } = await buildSuite(`run-${process.pid}`);
  using workspace = makeWorkspace();
  const run = { ...suite, folder: workspace.folder };
  if (hasServer) await runSuiteInServer(run, inject("server").extensionsFolder);
  else await runSuiteInElectron(run);
  return JSON.parse(readFileSync(results, "utf8")) as HostResult[];
}
