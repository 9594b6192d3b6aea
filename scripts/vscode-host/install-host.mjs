// A real VS Code from npm alone: code-server, and the Node it runs on, in a folder keyed by their versions.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder } from "./cache-folder.mjs";
import { trimHost } from "./trim-host.mjs";
import { CODE_SERVER, NODE } from "./versions.mjs";

/**
 * Paths of the installed VS Code; installs it first where it is missing (about a minute, 400 MB).
 *
 * @returns {{ node: string, entry: string }} the Node to run, and code-server's program
 * @throws {Error} on other systems than Linux, or when npm or the build of the two addons fails
 */
export function installHost() {
  const node = nodePackage();
  const home = cacheFolder(`vscode-host/code-server-${CODE_SERVER}-${node}-${NODE}`);
  if (!existsSync(home)) {
    console.log(`Installing VS Code (code-server ${CODE_SERVER}) for the tests, once …`);
    installInto(home, node);
  }
  return {
    node: join(home, "node_modules", node, "bin/node"),
    entry: join(home, "node_modules/code-server/out/node/entry.js"),
  };
}

/** Name of the npm package with Node's binary for this machine. */
function nodePackage() {
  if (process.platform === "linux" && ["x64", "arm64"].includes(process.arch))
    return `node-linux-${process.arch}`;
  throw new Error(
    `VS Code for the tests comes as code-server for Linux on x64 or arm64, not for ${process.platform} on ${process.arch}`,
  );
}

/** Installs beside the final place and moves it there in one step: what stops half-way is never taken for whole. */
function installInto(home, node) {
  mkdirSync(dirname(home), { recursive: true });
  const draft = mkdtempSync(join(dirname(home), "draft-"));
  try {
    install(draft, node);
    renameSync(draft, home);
  } catch (error) {
    // Another process may have been faster; its copy is as good.
    if (!existsSync(home)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function install(draft, node) {
  writeFileSync(join(draft, "package.json"), '{ "name": "vscode-host", "private": true }\n');
  const modules = join(draft, "node_modules");
  const env = { ...process.env, PATH: `${join(modules, node, "bin")}:${process.env.PATH}` };
  npm(draft, env, "install", `${node}@${NODE}`, `code-server@${CODE_SERVER}`);
  const vscode = join(modules, "code-server/lib/vscode");
  // `npm ci` would refuse: the lockfile that is shipped with it lacks a package.
  npm(vscode, env, "install", "--no-save");
  // The headers come with Node's package, so that nothing is downloaded for the build.
  const headers = `--nodedir=${join(modules, node)}`;
  npm(vscode, env, "rebuild", "--ignore-scripts=false", headers, "@vscode/spdlog", "@vscode/native-watchdog");
  checkAddons(vscode);
  trimHost(draft, node);
}

function npm(cwd, env, command, ...args) {
  const quiet = ["--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const scripts = args.some((arg) => arg.startsWith("--ignore-scripts")) ? [] : ["--ignore-scripts"];
  const { status, error } = spawnSync("npm", [command, ...quiet, ...scripts, ...args], {
    cwd,
    env: withoutProjectSettings(env),
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0)
    throw new Error(
      `npm ${command} of VS Code for the tests failed (${error?.message ?? `exit code ${status}`})`,
    );
}

/** npm hands its own settings to the scripts it runs: this project's are not meant for VS Code's packages. */
function withoutProjectSettings(env) {
  const project = /^npm_(config_(ignore_scripts|omit|include|save_exact|local_prefix)|package_|lifecycle_)/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !project.test(name)));
}

/** npm rebuild says nothing about a package it did not find. */
function checkAddons(vscode) {
  for (const name of ["@vscode/spdlog", "@vscode/native-watchdog"]) {
    const release = join(vscode, "node_modules", name, "build/Release");
    if (!existsSync(release) || !readdirSync(release).some((file) => file.endsWith(".node")))
      throw new Error(`${name} was not built in ${release}: expected g++, make and python3 on PATH`);
  }
}
