// The suites for VS Code's extension host, as files that it can load.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../set-up.mjs";

/**
 * Bundles `test/host` into a folder of its own, below the checkout so that its packages are found.
 *
 * @returns {Promise<{ entry: string, results: string, driver: string }>} the program, where it writes its results, and an
 *   extension that does nothing: VS Code runs tests for an extension in development, and the one under test is installed
 */
export async function buildSuite(name) {
  const folder = join(root, ".cache/host-suite", name);
  rmSync(folder, { recursive: true, force: true });
  const driver = join(folder, "driver");
  mkdirSync(driver, { recursive: true });
  const manifest = {
    name: "driver",
    publisher: "samrefiner-tests",
    version: "0.0.0",
    engines: { vscode: "*" },
  };
  writeFileSync(join(driver, "package.json"), JSON.stringify(manifest));
  const names = readdirSync(join(root, "test/host")).filter((file) => /^index\.ts$|\.suite\.ts$/.test(file));
  await build({
    entryPoints: names.map((file) => join(root, "test/host", file)),
    outdir: folder,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    packages: "external",
    logLevel: "warning",
  });
  return { entry: join(folder, "index.cjs"), results: join(folder, "results.json"), driver };
}
