import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { manifest, type Setting, workspaceFile } from "./extension.ts";

const all = (): [string, Setting][] =>
  manifest().contributes.configuration.flatMap(({ properties }) => Object.entries(properties));

suite("settings", () => {
  test("VS Code knows each with its default", () => {
    for (const [name, { default: expected }] of all()) {
      const known = vscode.workspace.getConfiguration().inspect(name);
      assert.ok(known !== undefined, name);
      if (expected !== undefined) assert.deepEqual(known.defaultValue, expected, name);
    }
  });

  test("what a folder may choose is taken from it", async () => {
    const scope = workspaceFile("masks/mug.png");
    const settings = vscode.workspace.getConfiguration("samrefiner.refine", scope);
    await settings.update("preset", "fast", vscode.ConfigurationTarget.WorkspaceFolder);
    const now = vscode.workspace.getConfiguration("samrefiner.refine", scope).get("preset");
    await settings.update("preset", undefined, vscode.ConfigurationTarget.WorkspaceFolder);
    assert.equal(now, "fast");
  });

  test("what is run on this machine is not a folder's to choose", async () => {
    const machine = all().filter(([, { scope }]) => scope === "machine");
    assert.ok(machine.some(([name]) => name === "samrefiner.engine.nodePath"));
    for (const [name] of machine) {
      const update = vscode.workspace
        .getConfiguration()
        .update(name, "/somewhere", vscode.ConfigurationTarget.Workspace);
      await assert.rejects(Promise.resolve(update), name);
    }
  });
});
