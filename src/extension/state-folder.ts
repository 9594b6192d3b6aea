/** Where the extension keeps what must outlive a window: originals, journals. */
import { constants } from "node:fs";
import { access, mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as vscode from "vscode";

/** Its name in a workspace folder; hidden, so that no search for masks enters it. */
const FOLDER = ".samrefiner";

/** The folder for files at `scope`: in their workspace folder, or in VS Code's storage where that takes no files. */
export async function stateFolder(context: vscode.ExtensionContext, scope: vscode.Uri): Promise<string> {
  const folder = vscode.workspace.getWorkspaceFolder(scope)?.uri;
  const own = folder?.scheme === "file" ? join(folder.fsPath, FOLDER) : undefined;
  if (own !== undefined && (await isWritable(own))) return own;
  // Not the storage of this window's workspace: another window must find it, too.
  return context.globalStorageUri.fsPath;
}

/** Makes it, out of the way of version control. */
export async function makeStateFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, ".gitignore"), "*\n");
}

/** Folder of the originals that saving in place replaced. */
export function historyFolder(state: string): string {
  return join(state, "history");
}

/**
 * Folders that may hold the original of a file: above it, as it may lie in another window's workspace; in other folders of
 * this one, where the masks of a photo lie in several; and in storage.
 */
export async function historiesFor(context: vscode.ExtensionContext, path: string): Promise<string[]> {
  const found: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    found.push(historyFolder(join(folder, FOLDER)));
    if (folder === dirname(folder)) break;
  }
  for (const { uri } of vscode.workspace.workspaceFolders ?? [])
    if (uri.scheme === "file") found.push(historyFolder(join(uri.fsPath, FOLDER)));
  found.push(historyFolder(context.globalStorageUri.fsPath));
  const exist = await Promise.all(found.map(isFolder));
  return [...new Set(found.filter((_, i) => exist[i]))];
}

/** Whether a path is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

async function isWritable(folder: string): Promise<boolean> {
  const place = (await isFolder(folder)) ? folder : dirname(folder);
  return access(place, constants.W_OK).then(
    () => true,
    () => false,
  );
}
