/** Which files a command is about. */
import * as vscode from "vscode";

/** Where to look for them. */
export interface ChosenFilesOptions {
  /** What a menu hands over: the file that was clicked, and from the explorer the selection it is part of. */
  readonly focused: vscode.Uri | undefined;
  readonly selected: unknown;
  /** Files of our preview in front. */
  readonly shown: readonly string[] | undefined;
  /** Title of the dialog that asks for them. */
  readonly title: string;
}

/**
 * The files of a command: from the explorer's menu, else of the active tab, else asked for. `undefined` when there are
 * none, told or called off.
 */
export async function chosenFiles({
  focused,
  selected,
  shown,
  title,
}: ChosenFilesOptions): Promise<readonly vscode.Uri[] | undefined> {
  const inFront = shown?.map((path) => vscode.Uri.file(path)) ?? fromTab();
  const uris = fromMenu(focused, selected) ?? inFront ?? (await askForFiles(title));
  if (uris === undefined || uris.length === 0) return undefined;
  if (uris.every(({ scheme }) => scheme === "file")) return uris;
  void vscode.window.showErrorMessage(
    vscode.l10n.t("SAMRefiner needs files on disk: a virtual workspace has none."),
  );
  return undefined;
}

function fromMenu(focused: vscode.Uri | undefined, selected: unknown): readonly vscode.Uri[] | undefined {
  if (!(focused instanceof vscode.Uri)) return undefined;
  // The menu of a tab hands over which tab it is instead of a selection.
  const uris = Array.isArray(selected) ? selected.filter((uri) => uri instanceof vscode.Uri) : [];
  return uris.some((uri) => uri.toString() === focused.toString()) ? uris : [focused];
}

function fromTab(): readonly vscode.Uri[] | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputCustom) return [input.uri];
  return input instanceof vscode.TabInputText && /\.(json|xml|txt)$/i.test(input.uri.path)
    ? [input.uri]
    : undefined;
}

function askForFiles(title: string): Thenable<vscode.Uri[] | undefined> {
  const options: vscode.OpenDialogOptions = {
    title,
    openLabel: vscode.l10n.t("Choose"),
    canSelectMany: true,
    filters: {
      [vscode.l10n.t("Masks and annotations")]: ["png", "npy", "jpg", "jpeg", "json", "xml", "txt"],
    },
  };
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showOpenDialog(folder === undefined ? options : { ...options, defaultUri: folder });
}
