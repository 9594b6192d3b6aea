import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { extension, manifest } from "./extension.ts";

suite("commands", () => {
  test("every command of the manifest is registered, and no other", async () => {
    await extension().activate();
    const all = await vscode.commands.getCommands(true);
    const ours = all.filter((name) => name.startsWith("samrefiner.") && !isViews(name)).sort();
    const named = manifest().contributes.commands.map(({ command }) => command);
    assert.deepEqual(ours, [...named].sort());
  });
});

/** VS Code adds some for each view. */
function isViews(name: string): boolean {
  return (
    /\.(focus|open|removeView|resetViewLocation|toggleVisibility|collapseAll)$/.test(name) && !named(name)
  );
}

function named(name: string): boolean {
  return manifest().contributes.commands.some(({ command }) => command === name);
}
