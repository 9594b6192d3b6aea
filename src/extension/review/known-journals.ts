/** Journals of runs: those in the workspace, and those that this window's workspace has begun elsewhere. */
import { existsSync } from "node:fs";
import * as vscode from "vscode";
import { JOURNAL_NAME } from "../run/run-places.ts";

const KEY = "samrefiner.journals";
/** Older ones are forgotten. */
const MOST = 20;

/** Notes a run, the newest first. */
export async function rememberJournal(
  { workspaceState }: Pick<vscode.ExtensionContext, "workspaceState">,
  journal: string,
): Promise<void> {
  const known = workspaceState.get<readonly string[]>(KEY) ?? [];
  await workspaceState.update(KEY, [journal, ...known.filter((path) => path !== journal)].slice(0, MOST));
  await vscode.commands.executeCommand("samrefiner.review.refresh");
}

/** All that are there, those of this workspace's runs first. */
export async function knownJournals({
  workspaceState,
}: Pick<vscode.ExtensionContext, "workspaceState">): Promise<string[]> {
  const recent = (workspaceState.get<readonly string[]>(KEY) ?? []).filter((path) => existsSync(path));
  const found = await vscode.workspace.findFiles(`**/${JOURNAL_NAME}`, "**/node_modules/**", MOST);
  const paths = found.filter(({ scheme }) => scheme === "file").map(({ fsPath }) => fsPath);
  return [...new Set([...recent, ...paths.sort()])];
}
