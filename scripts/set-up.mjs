// Set-up shared by the two commands: packages from the lockfile, then the build. Plain JavaScript on Node's own
// modules, because it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a command in the project's root with its output shown; ends the program when it fails. */
export function must(command, args, label) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status === 0) return;
  console.error(`${label} failed${error === undefined ? ` (exit code ${status})` : `: ${error.message}`}`);
  process.exit(1);
}

/** Path of a program that an installed package provides. */
export function bin(name) {
  return `${root}node_modules/.bin/${name}`;
}

/** Installs the locked packages unless that was done since the lockfile changed. */
export function install() {
  const stamp = `${root}node_modules/.package-lock.json`;
  const lock = `${root}package-lock.json`;
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lock).mtimeMs && sameVersions(stamp, lock))
    return;
  console.log("Installing packages …");
  must("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], "npm ci");
}

/** Whether what npm installed is what the lockfile asks for; packages for other platforms are not installed. */
function sameVersions(stamp, lock) {
  const versions = (path) => JSON.parse(readFileSync(path, "utf8")).packages ?? {};
  const wanted = versions(lock);
  return Object.entries(versions(stamp)).every(([name, { version }]) => wanted[name]?.version === version);
}

/** Builds `dist/`. */
export function build() {
  must(process.execPath, ["esbuild.mjs"], "The build");
}
