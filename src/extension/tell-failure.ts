/** Telling failures. */
import * as vscode from "vscode";
import { isAbort } from "./abort.ts";
import { withShortPaths } from "./short-paths.ts";

/** Shows one message and writes the log; see `Services.tellFailure`. */
export async function tellFailure(
  log: vscode.LogOutputChannel,
  error: unknown,
  actions: readonly string[],
): Promise<string | undefined> {
  if (isAbort(error)) return undefined;
  log.error(error instanceof Error ? error : String(error));
  const showLog = vscode.l10n.t("Show Log");
  const chosen = await vscode.window.showErrorMessage(withShortPaths(messageOf(error)), ...actions, showLog);
  if (chosen === showLog) log.show();
  return chosen;
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
