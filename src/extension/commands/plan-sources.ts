/** What a command's files hold. */
import * as vscode from "vscode";
import type { PlanView } from "../../protocol/engine.ts";
import { withLateProgress } from "../late-progress.ts";
import { stageText } from "../progress-text.ts";
import type { Services } from "../services.ts";

/** The photos and masks at these paths, by the settings of the first. */
export function planSources(
  { engine, settings }: Pick<Services, "engine" | "settings">,
  sources: readonly string[],
  image?: string,
): Promise<PlanView> {
  const reading = settings.reading(vscode.Uri.file(sources[0] ?? ""));
  return withLateProgress(vscode.l10n.t("Looking for masks and photos"), (signal, report) =>
    engine.request(
      "plan",
      { sources, ...reading, ...(image === undefined ? {} : { image }) },
      {
        signal,
        onProgress: ({ stage, done, total }) =>
          report({ message: stageText(stage, done, total, vscode.l10n.t), done, total }),
      },
    ),
  );
}
