// What activation costs the extension host, as VS Code itself counts it, and what it loads.
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { runCommand, startServer } from "../../test/e2e/harness/mod.ts";
import { median, report } from "./figures.mjs";
import { inWindow, inWorkspace } from "./window.mjs";

const WINDOWS = 5;
const suite = (name) => fileURLToPath(new URL(`./${name}-suite.cjs`, import.meta.url));

export async function measureActivation(session) {
  return inWorkspace(
    () => undefined,
    async (folder) => {
      const counted = [];
      for (let i = 0; i < WINDOWS; i++) counted.push(await inWindow(session, folder, activationTime));
      const developmentPath = await emptyExtension(folder);
      const ask = (name) => whatSuiteTells(session.browser, folder, developmentPath, suite(name));
      const times = [];
      for (let i = 0; i < WINDOWS; i++) times.push(await ask("activation"));
      const loaded = await ask("loaded");
      const cpu = times.map((one) => one.cpu);
      const ms = { unit: " ms" };
      return {
        processorTime: report("processor time of the host's thread, median of five", median(cpu), 50, ms),
        allProcessorTimes: cpu,
        wall: median(times.map(({ wall }) => wall)),
        counted: median(counted),
        allCounted: counted,
        loaded: check(loaded),
      };
    },
  );
}

/** Milliseconds: VS Code tells them in the list of running extensions, loading the code and calling `activate`. */
async function activationTime(page) {
  // Does nothing but activate.
  await runCommand(page, "SAMRefiner: Show Log");
  // The log takes the keyboard when it appears.
  await page.locator(".part.panel .monaco-editor").first().waitFor();
  await page.waitForTimeout(500);
  // The list has the slowest first, and only what is seen of it is there.
  await page.setViewportSize({ width: 1280, height: 4000 });
  await runCommand(page, "Developer: Show Running Extensions");
  const row = page.locator(".runtime-extensions-editor .extension").filter({ hasText: "SAMRefiner" });
  const text = await row.locator(".activation-time").innerText();
  const [, milliseconds] = /(\d+)\s*ms/.exec(text) ?? [];
  if (milliseconds === undefined) throw new Error(`VS Code says "${text}": expected milliseconds`);
  return Number(milliseconds);
}

/** What a suite in the extension host found; it needs a server that lets pages ask for suites. */
async function whatSuiteTells(browser, folder, developmentPath, testsPath) {
  const file = join(folder, "told.json");
  await rm(file, { force: true });
  const server = await startServer({ checkout: true, driver: true });
  try {
    await inWindow({ server, browser }, folder, () => written(file), { developmentPath, testsPath });
  } finally {
    await server.stop();
  }
  return JSON.parse(await readFile(file, "utf8"));
}

/** VS Code runs suites for an extension in development only; ours is installed. */
async function emptyExtension(folder) {
  const path = join(folder, "driver");
  const manifest = { name: "driver", publisher: "samrefiner", version: "0.0.0", engines: { vscode: "*" } };
  await mkdir(path);
  await writeFile(join(path, "package.json"), JSON.stringify(manifest));
  return path;
}

async function written(file) {
  for (const limit = Date.now() + 60_000; !existsSync(file); await sleep(100))
    if (Date.now() > limit) throw new Error("The suite in the extension host told nothing");
}

/** What is only loaded once it is used shows that the suite would have seen it. */
function check({ activated, used }) {
  if (!used.packages.includes("vscode-jsonrpc") || used.processes === 0)
    throw new Error(`The engine was started, but the suite saw ${JSON.stringify(used)}`);
  const count = activated.native.length + activated.packages.length + activated.processes;
  report("native modules, packages and processes after activation", count, 1);
  return { activated, used };
}
