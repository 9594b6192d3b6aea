/** Which Node runs the engine. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findNode } from "../../../src/extension/engine/find-node.ts";

let home = "";
const name = process.platform === "win32" ? "node.exe" : "node";
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "samrefiner-node-"));
  for (const folder of ["good", "plain", "empty"]) await mkdir(join(home, folder));
  await mkdir(join(home, "folder", name), { recursive: true });
  await writeFile(join(home, "good", name), "");
  await chmod(join(home, "good", name), 0o755);
  await writeFile(join(home, "plain", name), "");
  await chmod(join(home, "plain", name), 0o644);
});
afterAll(() => rm(home, { recursive: true, force: true }));

function commands(setting: string | undefined, ...folders: string[]): string[] {
  const path = folders.map((folder) => join(home, folder)).join(delimiter);
  return findNode({ setting, path, own: "/vscode/code" }).map(({ command }) => command);
}

describe("the Nodes to try", () => {
  it("are the setting's, the one on PATH, and VS Code's own", () => {
    const found = findNode({ setting: "/my/node", path: join(home, "good"), own: "/vscode/code" });
    expect(found).toEqual([
      { command: "/my/node", from: "samrefiner.engine.nodePath", env: {} },
      { command: join(home, "good", name), from: "PATH", env: {} },
      { command: "/vscode/code", from: "VS Code", env: { ELECTRON_RUN_AS_NODE: "1" } },
    ]);
  });

  it("leave out what is not set, no file, or not executable", () => {
    expect(commands(undefined, "empty")).toEqual(["/vscode/code"]);
    expect(commands("", "plain", "folder", "good")).toEqual([join(home, "good", name), "/vscode/code"]);
    expect(findNode({ setting: undefined, path: "", own: "/vscode/code" })).toHaveLength(1);
  });

  it("are tried once each", () => {
    const own = join(home, "good", name);
    expect(findNode({ setting: own, path: join(home, "good"), own })).toHaveLength(1);
  });
});
