// What activation costs the extension host, as VS Code itself counts it, and what it loads.
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { runCommand, startServer } from "../../test/e2e/harness/mod.ts";
import { median, report } from "./figures.mjs";
import { inWindow, inWorkspace } from "./window.mjs";

const WINDOWS = 5;
const SUITE = fileURLToPath(new URL("./loaded-suite.cjs", import.meta.url));

export async function measureActivation(session) {
  return inWorkspace(
    () => undefined,
    async (folder) => {
      const times = [];
      for (let i = 0; i < WINDOWS; i++) times.push(await inWindow(session, folder, activationTime));
      const loaded = await whatIsLoaded(session.browser, folder);
      return {
        milliseconds: report("activation, median of five windows", median(times), 50, { unit: " ms" }),
        all: times,
        processorTime: report("the same in processor time of the host's thread", loaded.cpu, 50, {
          unit: " ms",
        }),
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
  await runCommand(page, "Developer: Show Running Extensions");
  const row = page.locator(".runtime-extensions-editor .extension").filter({ hasText: "SAMRefiner" });
  const text = await row.locator(".activation-time").innerText();
  const [, milliseconds] = /(\d+)\s*ms/.exec(text) ?? [];
  if (milliseconds === undefined) throw new Error(`VS Code says "${text}": expected milliseconds`);
  return Number(milliseconds);
}

/** What the suite in the extension host found; it needs a server that lets pages ask for suites. */
async function whatIsLoaded(browser, folder) {
  const file = join(folder, "loaded.json");
  const developmentPath = await emptyExtension(folder);
  const server = await startServer({ checkout: true, driver: true });
  const options = { developmentPath, testsPath: SUITE };
  try {
    await inWindow({ server, browser }, folder, () => written(file), options);
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
