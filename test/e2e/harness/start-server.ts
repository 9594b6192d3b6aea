/** A VS Code server of its own: own data, own port, own process group. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "./project-root.ts";

/** How a server is started. */
export interface ServerOptions {
  /** Extension packages to install first. @default [] */
  readonly vsix?: readonly string[];
  /** User settings on top of the quiet ones. @default {} */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether folders have to be trusted first. @default false */
  readonly trust?: boolean;
  /** Whether the extension runs from this checkout, as if it were installed. @default false */
  readonly checkout?: boolean;
  /** Whether pages may ask for test suites. It hides notifications. @default false */
  readonly driver?: boolean;
  /** Extensions that another server installed. @default a folder of its own */
  readonly extensionsFolder?: string;
}

/** A running server. */
export interface Server {
  /** `127.0.0.1:port` */
  readonly authority: string;
  /** Where it keeps its user data; gone after {@link Server.stop}. */
  readonly dataFolder: string;
  readonly extensionsFolder: string;
  /** The engine's cache. */
  readonly cacheFolder: string;
  /** Ends it with every process it started. */
  stop(): Promise<void>;
}

/** What keeps VS Code silent and its windows the same each time. */
const QUIET = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.layoutControl.enabled": false,
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "chat.disableAIFeatures": true,
  "git.enabled": false,
  "git.openRepositoryInParentFolders": "never",
  "window.confirmBeforeClose": "never",
};

const START_LIMIT = 60_000;

/**
 * Starts a server and waits until it listens.
 *
 * @throws {Error} with its log when it ends early or does not listen within a minute
 */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const { installHost } = await import("../../../scripts/vscode-host/install-host.mjs");
  const host = installHost();
  const home = mkdtempSync(join(tmpdir(), "samrefiner-vscode-"));
  const extensionsFolder = options.extensionsFolder ?? join(home, "extensions");
  const args = commonArguments(home, host.entry, extensionsFolder);
  writeSettings(home, options.settings ?? {});
  if (options.checkout === true) linkCheckout(extensionsFolder);
  for (const vsix of options.vsix ?? []) installExtension(host.node, args, vsix, environment(home));
  const process = launch(home, host.node, [...args, ...serverArguments(options)]);
  const stop = async (): Promise<void> => {
    await end(process);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const authority = await listening(process, home);
    const dataFolder = join(home, "data");
    return { authority, dataFolder, extensionsFolder, cacheFolder: cacheFolder(home), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function commonArguments(home: string, entry: string, extensionsFolder: string): string[] {
  const folder = (name: string): string => join(home, name);
  return [
    entry,
    ...["--config", folder("config.yaml")],
    ...["--user-data-dir", folder("data")],
    ...["--extensions-dir", extensionsFolder],
  ];
}

function serverArguments({ trust = false, driver = false }: ServerOptions): string[] {
  return [
    ...["--bind-addr", "127.0.0.1:0", "--auth", "none"],
    ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"],
    // Without this a closed window's extension host stays for three hours.
    ...["--reconnection-grace-time", "5"],
    // Without this a page that is asked to run tests ignores that, and says nothing.
    ...(driver ? ["--vscode-option", "enable-smoke-test-driver"] : []),
    ...(trust ? [] : ["--disable-workspace-trust"]),
  ];
}

function cacheFolder(home: string): string {
  return join(home, "cache");
}

function environment(home: string): NodeJS.ProcessEnv {
  const own = join(home, "xdg");
  const { VSCODE_IPC_HOOK_CLI: _, NODE_OPTIONS: __, ...env } = process.env;
  return {
    ...env,
    ...{ XDG_CONFIG_HOME: own, XDG_DATA_HOME: own, XDG_RUNTIME_DIR: own },
    // The engine's embeddings of one test are not those of another, nor the user's.
    SAMREFINER_CACHE: cacheFolder(home),
    SAMREFINER_MODELS: join(home, "models"),
    // Nothing is fetched by tests, whatever network there is.
    HTTPS_PROXY: "http://127.0.0.1:9",
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
  };
}

function writeSettings(home: string, settings: Readonly<Record<string, unknown>>): void {
  const folder = join(home, "data/User");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "settings.json"), JSON.stringify({ ...QUIET, ...settings }, null, 2));
}

function linkCheckout(extensionsFolder: string): void {
  mkdirSync(extensionsFolder, { recursive: true });
  symlinkSync(projectRoot, join(extensionsFolder, "samrefiner.samrefiner-0.0.0"));
}

function installExtension(node: string, args: readonly string[], vsix: string, env: NodeJS.ProcessEnv): void {
  const all = [...args, "--install-extension", vsix];
  const { status, stdout, stderr } = spawnSync(node, all, { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`VS Code did not install ${vsix}:\n${stdout}${stderr}`);
}

function launch(home: string, node: string, args: readonly string[]): ChildProcess {
  const log = openSync(join(home, "server.log"), "a");
  const keeper = join(projectRoot, "scripts/vscode-host/keeper.mjs");
  return spawn(process.execPath, [keeper, node, ...args], {
    env: environment(home),
    detached: true,
    stdio: ["pipe", log, log],
  });
}

async function listening(server: ChildProcess, home: string): Promise<string> {
  const log = join(home, "server.log");
  for (const limit = Date.now() + START_LIMIT; Date.now() < limit; await sleep(50)) {
    const authority = /listening on http:\/\/(127\.0\.0\.1:\d+)/.exec(readFileSync(log, "utf8"))?.[1];
    if (authority !== undefined) return authority;
    if (server.exitCode !== null || server.signalCode !== null) break;
  }
  throw new Error(`VS Code's server did not start:\n${readFileSync(log, "utf8")}`);
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.stdin?.end();
  await ended;
}
