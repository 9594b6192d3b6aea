import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A Node that may run the engine. */
export interface Runtime {
  readonly command: string;
  /** Where it was found, for the log. */
  readonly from: "samrefiner.engine.nodePath" | "PATH" | "VS Code";
  /** Added to the process's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Where a Node is looked for. */
export interface NodePlaces {
  /** The user's setting. */
  readonly setting: string | undefined;
  /** @default process.env.PATH */
  readonly path?: string | undefined;
  /** VS Code's own executable. @default process.execPath */
  readonly own?: string;
}

/**
 * The Nodes that may run the engine, best first: the user's, the one on PATH, VS Code's own executable. Whether one
 * really works shows when it is started.
 */
export function findNode({
  setting,
  path = process.env["PATH"],
  own = process.execPath,
}: NodePlaces): Runtime[] {
  const onPath = executableOn(path ?? "");
  const found: Runtime[] = [];
  if (setting !== undefined && setting !== "")
    found.push({ command: setting, from: "samrefiner.engine.nodePath", env: {} });
  if (onPath !== undefined) found.push({ command: onPath, from: "PATH", env: {} });
  found.push({ command: own, from: "VS Code", env: { ELECTRON_RUN_AS_NODE: "1" } });
  return found.filter(({ command }, i) => found.findIndex((other) => other.command === command) === i);
}

function executableOn(path: string): string | undefined {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
