/** The one message at the end of a run. */
import * as vscode from "vscode";
import type { RunSummary } from "../../protocol/engine.ts";
import type { Services } from "../services.ts";
import { openReport } from "./open-report.ts";
import { summaryText } from "./run-texts.ts";

/** Sums up, and offers what comes next. */
export async function tellSummary(
  services: Pick<Services, "engine" | "log">,
  summary: RunSummary,
  resume: () => Promise<void>,
): Promise<void> {
  for (const { message } of summary.failures) services.log.warn(message);
  const text = summaryText(summary, vscode.l10n.t);
  services.log.info(text);
  const [again, review, report] = [
    vscode.l10n.t("Continue"),
    vscode.l10n.t("Review"),
    vscode.l10n.t("Open Report"),
  ];
  const actions = summary.stopped ? [again] : [];
  if (summary.photos > 0) actions.push(review, report);
  const show =
    summary.failed > 0 || summary.stopped
      ? vscode.window.showWarningMessage
      : vscode.window.showInformationMessage;
  const chosen = await show(text, ...actions);
  if (chosen === again) await resume();
  if (chosen === review) await vscode.commands.executeCommand("samrefiner.review.open", summary.journal);
  if (chosen === report) await openReport(services, summary.journal);
}
