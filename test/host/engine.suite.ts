import assert from "node:assert/strict";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { engineBesides, engineChildren } from "./engine-children.ts";
import { workspaceFile } from "./extension.ts";

/** Milliseconds that an extension host may be late: inference in it would hold it for seconds. */
const LATE = 500;

const tabs = (): string[] =>
  vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
const isOpen = async (label: string): Promise<void> => {
  for (const limit = Date.now() + 30_000; Date.now() < limit; await sleep(100))
    if (tabs().includes(label)) return;
  throw new Error(`Tabs: ${tabs().join(", ")}; expected ${label}`);
};

suite("engine", () => {
  test("it starts with the first mask, in a process of its own that does not hold up this one", async () => {
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    await vscode.commands.executeCommand("samrefiner.refine", workspaceFile("masks/mug.png"));
    await isOpen("mug.png ↔ refined");
    await engineBesides();
    await sleep(2000);
    delay.disable();
    const late = delay.percentile(99) / 1e6;
    assert.ok(late < LATE, `the extension host was ${late} ms late`);
  });

  test("it is started again after it was killed, when it is needed", async () => {
    const first = await engineBesides();
    process.kill(first, "SIGKILL");
    while (engineChildren().includes(first)) await sleep(50);
    await sleep(200);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.commands.executeCommand("samrefiner.refine", workspaceFile("masks/apple.png"));
    await isOpen("apple.png ↔ refined");
    assert.notEqual(await engineBesides(first), first);
  });

  test("a mask and a photo that are chosen together open in the preview", async () => {
    const [mask, photo] = [workspaceFile("masks/table.png"), workspaceFile("images/mug.jpg")];
    await vscode.commands.executeCommand("samrefiner.compare", mask, [mask, photo]);
    await isOpen("table.png ↔ refined");
  });

  test("the command ends it and starts another", async () => {
    const before = await engineBesides();
    await vscode.commands.executeCommand("samrefiner.restartEngine");
    assert.notEqual(await engineBesides(before), before);
    assert.equal(engineChildren().length, 1);
  });

  test("a mask opens in the custom editor, which takes no file type for itself", async () => {
    await vscode.commands.executeCommand("vscode.open", workspaceFile("masks/mug.png"));
    const custom = (): boolean =>
      vscode.window.tabGroups.all.some((group) =>
        group.tabs.some(
          ({ input }) => input instanceof vscode.TabInputCustom && input.viewType === "samrefiner.preview",
        ),
      );
    await isOpen("mug.png");
    assert.equal(custom(), false);
    await vscode.commands.executeCommand("samrefiner.openPreview", workspaceFile("masks/mug.png"));
    for (let tries = 0; tries < 100 && !custom(); tries++) await sleep(100);
    assert.equal(custom(), true);
  });
});
