// sharp's native packages for any platform: those that are installed, or the locked ones from the registry.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../set-up.mjs";

/**
 * Folders of sharp's packages for a target.
 *
 * @returns {{ name: string, folder: string }[]}
 * @throws {Error} when sharp has none for it, or when they cannot be downloaded
 */
export function sharpPackages(target) {
  const names = namesFor(target);
  if (names.every((name) => existsSync(join(root, "node_modules", name))))
    return names.map((name) => ({ name, folder: join(root, "node_modules", name) }));
  const home = download(target, names);
  return names.map((name) => ({ name, folder: join(home, "node_modules", name) }));
}

/** The binding, and libvips where it is not part of that. */
function namesFor(target) {
  const { optionalDependencies } = readJson(join(root, "node_modules/sharp/package.json"));
  const names = [`@img/sharp-${target}`, `@img/sharp-libvips-${target}`];
  const found = names.filter((name) => name in optionalDependencies);
  if (!found.includes(names[0])) throw new Error(`sharp has no native package for ${target}`);
  return found;
}

/** Installs exactly what the lockfile names, checked by its hashes, without a thought for this machine's platform. */
function download(target, names) {
  const lock = readJson(join(root, "package-lock.json"));
  const locked = Object.fromEntries(
    names.map((name) => [`node_modules/${name}`, withoutPlatform(lock.packages[`node_modules/${name}`])]),
  );
  const dependencies = Object.fromEntries(
    names.map((name) => [name, locked[`node_modules/${name}`].version]),
  );
  const version = dependencies[names[0]];
  const home = join(root, ".cache/vsix/sharp", `${target}-${version}`);
  if (existsSync(home)) return home;
  mkdirSync(dirname(home), { recursive: true });
  const draft = mkdtempSync(join(dirname(home), "draft-"));
  try {
    const project = { name: "natives", version: "0.0.0", private: true, dependencies };
    writeJson(join(draft, "package.json"), project);
    const packages = { "": project, ...locked };
    writeJson(join(draft, "package-lock.json"), { ...project, lockfileVersion: 3, requires: true, packages });
    install(draft, target);
    renameSync(draft, home);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return home;
}

function withoutPlatform({ version, integrity }) {
  return { version, integrity };
}

function install(folder, target) {
  const [os, cpu] = target.split("-");
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--force"];
  const { status, error } = spawnSync("npm", [...args, `--os=${os}`, `--cpu=${cpu}`, "--libc=glibc"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0)
    throw new Error(
      `sharp's packages for ${target} could not be installed (${error?.message ?? `npm ci: ${status}`})`,
    );
}

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

function writeJson(path, value) {
  writeFileSync(path, JSON.stringify(value, null, 2));
}
