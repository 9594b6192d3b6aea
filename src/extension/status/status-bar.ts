/** The one status bar item. */
import * as vscode from "vscode";
import type { Engine, EngineState } from "../engine/mod.ts";
import { statusDetails, statusText } from "./status-text.ts";

/** Shows device and state, with details in the tooltip. */
export function createStatusBar(engine: Engine): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("samrefiner.engine", vscode.StatusBarAlignment.Left);
  item.name = vscode.l10n.t("SAMRefiner Engine");
  item.command = "samrefiner.engineStatus";
  const show = (state: EngineState): void => {
    const { text, label, severity } = statusText(state, vscode.l10n.t);
    item.text = text;
    item.accessibilityInformation = { label };
    item.backgroundColor =
      severity === "error" ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    item.tooltip = tooltip(state);
  };
  show(engine.state);
  item.show();
  return vscode.Disposable.from(item, { dispose: engine.onState(show) });
}

function tooltip(state: EngineState): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendText(vscode.l10n.t("SAMRefiner Engine"));
  for (const line of statusDetails(state, vscode.l10n.t)) text.appendMarkdown("\n\n").appendText(line);
  return text;
}
