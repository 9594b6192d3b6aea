/** The extension under test. */
import * as vscode from "vscode";

/** What its manifest says, as far as tests ask. */
export interface Manifest {
  readonly capabilities: {
    readonly untrustedWorkspaces: Declaration & { readonly restrictedConfigurations: readonly string[] };
    readonly virtualWorkspaces: Declaration;
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: readonly { readonly properties: Readonly<Record<string, Setting>> }[];
  };
}

interface Declaration {
  readonly supported: unknown;
  readonly description: string;
}

/** A setting's schema. */
export interface Setting {
  readonly default?: unknown;
  readonly scope?: string;
}

/** @throws {Error} when it is not installed */
export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension("samrefiner.samrefiner");
  if (found === undefined) throw new Error("samrefiner.samrefiner is not installed");
  return found;
}

export function manifest(): Manifest {
  return extension().packageJSON as Manifest;
}

/** Absolute path of a file of the workspace. */
export function workspaceFile(path: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Error("The suite needs a workspace");
  return vscode.Uri.joinPath(folder.uri, path);
}
