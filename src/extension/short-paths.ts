/** Paths in messages, as the explorer shows them. */
import * as vscode from "vscode";
import { shortenPaths } from "./shorten-paths.ts";

/** A message of the engine in which files of the workspace are named from their folder. */
export function withShortPaths(message: string): string {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const several = folders.length > 1;
  return shortenPaths(
    message,
    folders.map(({ uri, name }) => ({ path: uri.fsPath, shown: several ? name : "" })),
  );
}
