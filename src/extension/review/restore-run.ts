/** Bringing back every original of a run in place. */
import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { assertTrusted } from "./assert-trusted.ts";
import type { ReviewStore } from "./review-store.ts";
import { runLabel } from "./review-texts.ts";

/** Asks, restores, and sums up in one message. */
export async function restoreRun(services: Services, store: ReviewStore, journal: string): Promise<void> {
  const view = await store.open(journal);
  if (view.out !== null) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        "This run wrote to {0}: there is nothing to restore.",
        vscode.workspace.asRelativePath(view.out),
      ),
    );
    return;
  }
  assertTrusted();
  const yes = vscode.l10n.t("Restore");
  const question = vscode.l10n.t("Restore every original that the run over {0} replaced?", runLabel(view));
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail: view.root }, yes)) !== yes)
    return;
  await store.settle(journal);
  const { restored, left } = await services.engine.request("run/restore", { journal });
  for (const message of left) services.log.warn(message);
  const done = vscode.l10n.t("{0} originals are back.", restored.length);
  if (left[0] === undefined) void vscode.window.showInformationMessage(done);
  else
    await services.tellFailure(
      new Error(`${done} ${vscode.l10n.t("{0} were left: {1}", left.length, left[0])}`),
    );
}
