/** Show Engine Status: details, and what can be done. */
import * as vscode from "vscode";
import { chooseModel } from "../models/choose-model.ts";
import type { Services } from "../services.ts";
import { messageOf } from "../tell-failure.ts";
import { statusDetails, statusText } from "./status-text.ts";

/** Something to do. */
interface Action extends vscode.QuickPickItem {
  readonly run?: () => unknown;
}

/** Lists what is known about the engine and offers actions. */
export async function showEngineStatus(services: Services): Promise<void> {
  const { engine, log } = services;
  const details = statusDetails(engine.state, vscode.l10n.t);
  const actions: Action[] = [
    { label: vscode.l10n.t("$(output) Show Log"), run: () => log.show() },
    { label: vscode.l10n.t("$(package) Choose Model…"), run: () => chooseModel(services) },
    { label: vscode.l10n.t("$(debug-restart) Restart Engine"), run: () => engine.restart() },
    { label: vscode.l10n.t("$(pulse) Check Engine"), run: () => checkEngine(services) },
    {
      label: vscode.l10n.t("$(gear) Open Settings"),
      run: () => vscode.commands.executeCommand("workbench.action.openSettings", "samrefiner.engine"),
    },
  ];
  const heading = { label: vscode.l10n.t("Details"), kind: vscode.QuickPickItemKind.Separator };
  const items = details.length === 0 ? [] : [heading, ...details.map((label) => ({ label }))];
  const placeHolder = statusText(engine.state, vscode.l10n.t).label;
  const picked = await vscode.window.showQuickPick<Action>([...actions, ...items], { placeHolder });
  await picked?.run?.();
}

/** Starts it if need be, and writes what it answers to the log. */
async function checkEngine({ engine, log }: Services): Promise<void> {
  log.show();
  try {
    const started = performance.now();
    await engine.request("status", {});
    log.info(vscode.l10n.t("The engine answered in {0} ms.", Math.round(performance.now() - started)));
  } catch (error) {
    log.error(messageOf(error));
  }
  for (const line of statusDetails(engine.state, vscode.l10n.t)) log.info(line);
}
