/** Engine processes of the extension that is installed in a folder. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Ids of those that run. */
export function engineProcesses(extensionsFolder: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isEngine(pid, extensionsFolder));
}

/** Waits until as many run as expected. */
export async function waitForEngines(extensionsFolder: string, count: number): Promise<number[]> {
  for (const limit = Date.now() + 20_000; ; await sleep(100)) {
    const found = engineProcesses(extensionsFolder);
    if (found.length === count) return found;
    if (Date.now() > limit) throw new Error(`${found.length} engine processes run: expected ${count}`);
  }
}

function isEngine(pid: number, extensionsFolder: string): boolean {
  try {
    const [, ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return args.some((arg) => arg.startsWith(extensionsFolder) && arg.endsWith("/dist/engine.js"));
  } catch {
    // It ended meanwhile.
    return false;
  }
}
