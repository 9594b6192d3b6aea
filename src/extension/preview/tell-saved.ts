/** Telling what was written. */
import * as vscode from "vscode";
import type { SavedMasks } from "./save-masks.ts";

/** One message; a file can be opened from it, and what was replaced restored, which is left to the caller. */
export async function tellSaved({ files, message, inPlace }: SavedMasks): Promise<"restore" | undefined> {
  const [first] = files;
  if (first === undefined) return undefined;
  const [open, restore] = [vscode.l10n.t("Open"), vscode.l10n.t("Restore Original")];
  const actions = inPlace ? [open, restore] : [open];
  const chosen = await vscode.window.showInformationMessage(message, ...actions);
  if (chosen === open) await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(first.path));
  return chosen === restore ? "restore" : undefined;
}
