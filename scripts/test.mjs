// `npm test`: sets everything up and runs every check. The last line is `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { relative } from "node:path";
import { findRedis } from "./redis-server.mjs";
import { bin, build, install, root } from "./set-up.mjs";
import { findChromium } from "./vscode-host/find-chromium.mjs";

install();
build();

const results = { passed: 0, failed: 0 };
/** What failed, told again at the end: a log of thousands of lines is often cut in its middle. */
const failures = [];

/** One check that passes or fails as a whole. */
function check(label, command, args, env = {}) {
  console.log(`\n— ${label}`);
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  results[status === 0 ? "passed" : "failed"]++;
  if (status !== 0) failures.push(label);
  return status === 0;
}

/** Tests that vitest runs, counted one by one from its own report. */
function vitest(label, config, name, reporter = "default") {
  console.log(`\n— ${label}`);
  const report = `${root}.cache/vitest-${name}.json`;
  mkdirSync(`${root}.cache`, { recursive: true });
  rmSync(report, { force: true });
  const args = [
    "run",
    "--config",
    config,
    `--reporter=${reporter}`,
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  const { status } = spawnSync(bin("vitest"), args, { cwd: root, stdio: "inherit" });
  if (!existsSync(report)) {
    results.failed++;
    failures.push(`${label}: vitest wrote no report`);
    return;
  }
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
  results.passed += numPassedTests;
  if (status === 0) return;
  // A file that does not even load fails without a failing test in it.
  results.failed += Math.max(1, numFailedTests);
  for (const file of testResults) {
    if (file.status !== "failed") continue;
    const name = relative(root, file.name);
    const failed = file.assertionResults.filter((test) => test.status === "failed");
    if (failed.length === 0) failures.push(`${name}: ${file.message}`);
    for (const test of failed)
      failures.push(`${name} > ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`);
  }
}

function firstLine(message = "no message") {
  return message.split("\n", 1)[0];
}

check("types", bin("tsc"), ["-p", "."]);
check("types of the preview page", bin("tsc"), ["-p", "tsconfig.webview.json"]);
check("types of the tests in VS Code", bin("tsc"), ["-p", "tsconfig.e2e.json"]);
check("declarations of the SDK", bin("tsc"), ["-p", "tsconfig.types.json"]);
check("lint, format and room rules", bin("biome"), ["ci", "--error-on-warnings"]);
check("unused code", bin("knip"), []);
installPrograms();
vitest("unit and real-data tests", "vitest.config.ts", "unit");
vitest("WebGPU on a software GPU", "vitest.webgpu.config.ts", "webgpu", "verbose");
denoTests();
if (check("the extension's package", process.execPath, ["scripts/package.mjs"]))
  vitest("in a real VS Code", "vitest.e2e.config.ts", "e2e", "verbose");

/** Before the tests, of which two at once might install them; those say what they skip without. Chromium has the software GPU. */
function installPrograms() {
  findRedis();
  try {
    findChromium();
  } catch (error) {
    console.log(error.message);
  }
}

function denoTests() {
  const deno = bin("deno");
  const env = {
    DENO_DIR: `${root}.cache/deno`,
    DENO_NO_UPDATE_CHECK: "1",
    NO_COLOR: "1",
    SAMREFINER_CACHE: `${root}.cache/deno-samrefiner`,
  };
  check("SDK under Deno: types", deno, ["check", "src/sdk/mod.ts"], env);
  check("SDK under Deno: every public symbol is documented", deno, ["doc", "--lint", "src/sdk/mod.ts"], env);
  check("SDK under Deno: it can be published", deno, ["publish", "--dry-run", "--allow-dirty"], env);
  check("SDK under Deno: runs and permissions", deno, ["test", "-A", "test/deno"], env);
  const documents = ["src/sdk", "src/core", "docs/sdk.md", "docs/recipes.md"];
  check("documentation examples under Deno", deno, ["test", "-A", "--doc", ...documents], env);
  check("the SDK's reference is up to date", process.execPath, ["scripts/api-reference.mjs", "--check"]);
}

if (failures.length > 0) console.log(`\nFailed:\n${failures.map((line) => `  ${line}`).join("\n")}`);
console.log(`\n${results.passed} passed, ${results.failed} failed`);
process.exit(results.failed === 0 ? 0 : 1);
