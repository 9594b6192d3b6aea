/** What "Refine Masks in Workspace" works on. */
import * as vscode from "vscode";

/** Most files that a pattern may name: the others are better told by their folder. */
const MOST_FILES = 10_000;

interface Choice extends vscode.QuickPickItem {
  readonly sources: () => Promise<readonly vscode.Uri[] | undefined>;
}

/** What is asked. */
export interface SourceQuestion {
  readonly title: string;
  readonly placeHolder: string;
}

/** Asks for a workspace folder, any folder, or a pattern; `undefined` when called off. */
export async function chooseSources({
  title,
  placeHolder,
}: SourceQuestion): Promise<readonly vscode.Uri[] | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  const whole = folders.map(
    ({ name, uri }): Choice => ({
      label: vscode.l10n.t("$(root-folder) All masks in {0}", name),
      sources: async () => [uri],
    }),
  );
  const items: Choice[] = [
    ...whole,
    { label: vscode.l10n.t("$(folder) A folder…"), sources: askFolder },
    { label: vscode.l10n.t("$(regex) Files that match a pattern…"), sources: () => askPattern(title) },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder });
  return chosen?.sources();
}

async function askFolder(): Promise<readonly vscode.Uri[] | undefined> {
  const first = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showOpenDialog({
    title: vscode.l10n.t("Choose a folder of masks"),
    openLabel: vscode.l10n.t("Choose"),
    ...(first === undefined ? {} : { defaultUri: first }),
    canSelectFolders: true,
    canSelectFiles: false,
  });
}

async function askPattern(title: string): Promise<readonly vscode.Uri[] | undefined> {
  const pattern = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t("A pattern of paths in the workspace, for example {0}", "**/masks/*.png"),
    value: "**/masks/**/*.png",
    ignoreFocusOut: true,
  });
  if (pattern === undefined || pattern.trim() === "") return undefined;
  const found = await vscode.workspace.findFiles(pattern, undefined, MOST_FILES + 1);
  const files = found.filter(({ scheme }) => scheme === "file");
  if (files.length > MOST_FILES)
    throw new Error(
      vscode.l10n.t("More than {0} files match {1}: choose their folder instead.", MOST_FILES, pattern),
    );
  if (files.length > 0) return files;
  void vscode.window.showWarningMessage(vscode.l10n.t("No file matches {0}.", pattern));
  return undefined;
}
