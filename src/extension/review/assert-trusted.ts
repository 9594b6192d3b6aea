import * as vscode from "vscode";

/**
 * Journals may come with a folder from anywhere, and say where results lie on the whole disk.
 *
 * @throws {Error} in a workspace that is not trusted
 */
export function assertTrusted(): void {
  if (vscode.workspace.isTrusted) return;
  throw new Error(
    vscode.l10n.t("The journal of a run says which files are written: trust this workspace to change them."),
  );
}
