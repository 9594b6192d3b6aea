// `npm test`: sets everything up and runs every check. The last line is `N passed, N failed`.
import { spawn, spawnSync } from "node:child_process";
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
/** Seconds that each part took. */
const spent = [];

/** One check that passes or fails as a whole. */
function check(label, command, args, env = {}) {
  const seconds = clock();
  console.log(`\n— ${label}`);
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  return note(label, status === 0, seconds());
}

/** Checks that wait for nothing but the processor, two at a time; each one's output comes in one piece. */
async function checks(list) {
  const waiting = [...list];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [label, command, args] = next;
      const seconds = clock();
      const { status, output } = await collected(command, args);
      console.log(`\n— ${label}\n${output.trimEnd()}`);
      note(label, status === 0, seconds());
    }
  };
  await Promise.all([lane(), lane()]);
}

function collected(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (text) => {
        output += text;
      });
    child.once("error", (error) => resolve({ status: 1, output: `${output}${error.message}` }));
    child.once("close", (status) => resolve({ status, output }));
  });
}

function note(label, passed, seconds) {
  results[passed ? "passed" : "failed"]++;
  if (!passed) failures.push(label);
  spent.push([label, seconds]);
  return passed;
}

function clock() {
  const started = performance.now();
  return () => (performance.now() - started) / 1000;
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
  const seconds = clock();
  const { status } = spawnSync(bin("vitest"), args, { cwd: root, stdio: "inherit" });
  spent.push([label, seconds()]);
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

await checks([
  ["types", bin("tsc"), ["-p", "."]],
  ["lint, format and room rules", bin("biome"), ["ci", "--error-on-warnings"]],
  ["types of the preview page", bin("tsc"), ["-p", "tsconfig.webview.json"]],
  ["types of the tests in VS Code", bin("tsc"), ["-p", "tsconfig.e2e.json"]],
  ["declarations of the SDK", bin("tsc"), ["-p", "tsconfig.types.json"]],
  ["unused code", bin("knip"), []],
]);
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

console.log(`\nSeconds: ${spent.map(([label, seconds]) => `${label} ${seconds.toFixed(0)}`).join(", ")}`);
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((line) => `  ${line}`).join("\n")}`);
console.log(`\n${results.passed} passed, ${results.failed} failed`);
process.exit(results.failed === 0 ? 0 : 1);
