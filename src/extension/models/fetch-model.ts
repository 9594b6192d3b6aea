/** Fetching a model, asked for first. */
import * as vscode from "vscode";
import type { ModelView } from "../../protocol/engine.ts";
import { signalOf } from "../abort.ts";
import type { Services } from "../services.ts";
import { fetchProgress, fetchQuestion } from "./model-texts.ts";

/** Asks, then fetches with progress; what came before a cancel is kept for the next time. Returns whether it is here. */
export async function fetchModel(
  { engine, log }: Pick<Services, "engine" | "log">,
  model: ModelView,
): Promise<boolean> {
  const yes = vscode.l10n.t("Fetch");
  const detail = vscode.l10n.t("{0}. Licence of its weights: {1}.", model.description, model.licence);
  const question = fetchQuestion(model, vscode.l10n.t);
  if ((await vscode.window.showInformationMessage(question, { modal: true, detail }, yes)) !== yes)
    return false;
  const options = {
    title: vscode.l10n.t("Fetching {0}", model.name),
    location: vscode.ProgressLocation.Notification,
    cancellable: true,
  };
  const { pinned } = await vscode.window.withProgress(options, (progress, token) =>
    engine.request(
      "models/fetch",
      { name: model.name },
      {
        signal: signalOf(token),
        onProgress: ({ item = "", done, total }) =>
          progress.report({ message: fetchProgress(item, done, total, vscode.l10n.t) }),
      },
    ),
  );
  for (const file of pinned)
    log.warn(
      vscode.l10n.t(
        "Nobody had written down what {0} should be: from now on only this content is taken.",
        file,
      ),
    );
  return true;
}
