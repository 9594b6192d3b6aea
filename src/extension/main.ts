/** The extension: what VS Code calls. */
import * as vscode from "vscode";

/** Registers everything; nothing is loaded or started until it is used. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(vscode.commands.registerCommand("samrefiner.refine", () => undefined));
}
