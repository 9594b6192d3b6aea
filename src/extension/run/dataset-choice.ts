/** What a data set's masks and photos are looked for by. */
import { isAbsolute, join, sep } from "node:path";
import * as vscode from "vscode";
import type { PlanView, SourceChoice } from "../../protocol/engine.ts";
import type { EngineParams } from "../engine/mod.ts";
import { withLateProgress } from "../late-progress.ts";
import { stageText } from "../progress-text.ts";
import type { Services } from "../services.ts";

/** The settings for what was chosen; earlier results are left out unless they were chosen themselves. */
export function datasetChoice(
  { settings }: Pick<Services, "settings">,
  scope: vscode.Uri,
  uris: readonly vscode.Uri[],
): SourceChoice {
  const sources = uris.map(({ fsPath }) => fsPath);
  const base = vscode.workspace.getWorkspaceFolder(scope)?.uri.fsPath;
  const results = folderFrom(settings.output(scope).mirrorFolder, base ?? scope.fsPath);
  // Who chooses results wants them refined again.
  const exclude = sources.some((path) => isInside(path, results)) ? [] : [results];
  return { sources, ...settings.reading(scope), exclude };
}

/** Finds masks and photos. */
export function planDataset(
  { engine }: Pick<Services, "engine">,
  choice: EngineParams<"plan">,
): Promise<PlanView> {
  return withLateProgress(vscode.l10n.t("Looking for masks and photos"), (signal, report) =>
    engine.request("plan", choice, {
      signal,
      onProgress: ({ stage, done, total }) =>
        report({ message: stageText(stage, done, total, vscode.l10n.t), done, total }),
    }),
  );
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

function folderFrom(folder: string, base: string): string {
  return isAbsolute(folder) ? folder : join(base, folder);
}
