/** The report of a run. */
import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { withLateProgress } from "../late-progress.ts";
import type { Services } from "../services.ts";

/** Writes the report beside the journal and opens its page: in the browser, or in a tab where the files lie elsewhere. */
export async function openReport({ engine }: Pick<Services, "engine">, journal: string): Promise<void> {
  const { page } = await withLateProgress(vscode.l10n.t("Writing the report"), (signal) =>
    engine.request("run/report", { journal }, { signal }),
  );
  const near = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  if (near && (await vscode.env.openExternal(vscode.Uri.file(page)))) return;
  const html = await readFile(page, "utf8");
  const title = vscode.l10n.t("Report: {0}", basename(dirname(journal)));
  const panel = vscode.window.createWebviewPanel("samrefiner.report", title, vscode.ViewColumn.Active, {
    enableFindWidget: true,
    // The page sorts its table; its own policy lets it load nothing.
    enableScripts: true,
    localResourceRoots: [],
  });
  panel.webview.html = html;
}
