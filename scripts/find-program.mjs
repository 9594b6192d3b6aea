// Programs of the system that tests need: one that is installed, else Debian's.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Path of a program; root on Debian or Ubuntu gets it installed. `undefined` where there is none.
 *
 * @param wanted `names` on PATH, best first; `variable` of the environment that names another one; Debian's `package`
 */
export function findProgram({ names, variable, package: debian }) {
  const found = process.env[variable] ?? onPath(names);
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && onPath(["apt-get"]) !== undefined) aptInstall(debian);
  return onPath(names);
}

function onPath(names) {
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

/** Another test may be installing something at the same time. */
const LOCK = ["-o", "DPkg::Lock::Timeout=300"];

function aptInstall(debian) {
  console.log(`Installing ${debian} for the tests, once …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [
    ["update", "-qq", ...LOCK],
    ["install", "-y", "-qq", "--no-install-recommends", ...LOCK, debian],
  ])
    spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "inherit"] });
}
