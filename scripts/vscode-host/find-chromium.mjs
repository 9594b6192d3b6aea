// The browser that shows VS Code: one that is installed, else Debian's.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/**
 * Path of a Chromium; `CHROMIUM` names another one. Root on Debian or Ubuntu gets it installed.
 *
 * @throws {Error} when there is none
 */
export function findChromium() {
  const found = process.env.CHROMIUM ?? onPath();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && onPath(["apt-get"]) !== undefined) aptInstall();
  const installed = onPath();
  if (installed !== undefined) return installed;
  throw new Error(
    `No browser for the tests: expected ${NAMES.join(", ")} on PATH or in CHROMIUM (Debian: apt-get install chromium)`,
  );
}

function onPath(names = NAMES) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function aptInstall() {
  console.log("Installing Chromium for the tests, once …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [
    ["update", "-qq"],
    ["install", "-y", "-qq", "--no-install-recommends", "chromium"],
  ])
    spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "inherit"] });
}
