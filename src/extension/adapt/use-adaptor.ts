/** The adaptor in the settings. */
import { isAbsolute, relative, sep } from "node:path";
import * as vscode from "vscode";
import type { Services } from "../services.ts";

/** Uses an adaptor's file in the workspace of `scope` from now on; `undefined` for none. */
export async function useAdaptor(
  { log }: Pick<Services, "log">,
  file: string | undefined,
  scope: vscode.Uri,
): Promise<void> {
  const folder = vscode.workspace.getWorkspaceFolder(scope);
  const target =
    (vscode.workspace.workspaceFolders?.length ?? 0) > 1
      ? vscode.ConfigurationTarget.WorkspaceFolder
      : folder === undefined
        ? vscode.ConfigurationTarget.Global
        : vscode.ConfigurationTarget.Workspace;
  const value = file === undefined || folder === undefined ? file : fromFolder(folder.uri.fsPath, file);
  await vscode.workspace.getConfiguration("samrefiner", scope).update("refine.adaptor", value, target);
  const message =
    value === undefined
      ? vscode.l10n.t("Masks are refined without an adaptor from now on.")
      : vscode.l10n.t("Masks of this workspace are refined with {0} from now on.", value);
  log.info(message);
  void vscode.window.showInformationMessage(message);
}

/** As the settings have it on every machine. */
function fromFolder(folder: string, file: string): string {
  const below = relative(folder, file);
  return below.startsWith("..") || isAbsolute(below) ? file : below.split(sep).join("/");
}
