/** Adapt to This Workspace: an IoU adaptor trained on its coarse masks (SAMRefiner++). */
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import type { AdaptionView } from "../../protocol/engine.ts";
import { signalOf } from "../abort.ts";
import type { EngineParams } from "../engine/mod.ts";
import { percentSteps } from "../percent-steps.ts";
import { stageText } from "../progress-text.ts";
import { chooseSources } from "../run/choose-sources.ts";
import { datasetChoice } from "../run/dataset-choice.ts";
import type { Services } from "../services.ts";
import { makeStateFolder } from "../state-folder.ts";
import { adaptorName } from "./adaption-texts.ts";
import { tellAdaption } from "./tell-adaption.ts";
import { useAdaptor } from "./use-adaptor.ts";

/** Asks what to learn from, trains, tells how well the adaptor does, and uses it if that is wanted. */
export async function adaptWorkspace(services: Services): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new Error(vscode.l10n.t("This workspace is not trusted: nothing is trained on it."));
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder !== undefined && !(await goesOn(services, folder.uri))) return;
  const sources = await chooseSources({
    title: vscode.l10n.t("Adapt to This Workspace"),
    placeHolder: vscode.l10n.t("Which coarse masks should be learned from? No annotation is needed."),
  });
  const [scope] = sources ?? [];
  if (sources === undefined || scope === undefined) return;
  const state = await services.stateFolder(scope);
  await makeStateFolder(state);
  const name = adaptorName(vscode.workspace.getWorkspaceFolder(scope)?.uri.fsPath ?? dirname(scope.fsPath));
  const view = await train(services, {
    ...datasetChoice(services, scope, sources),
    ...{ method: services.settings.method(scope), name },
    file: join(state, "adaptors", `${name}.safetensors`),
  });
  for (const { message } of view.failures) services.log.warn(message);
  // The message stays until it is answered; the command has ended before.
  void tellAdaption(services, view, scope).catch((error) => services.tellFailure(error));
}

/** An adaptor that is in use can be put away, or trained anew. */
async function goesOn({ settings, log }: Services, scope: vscode.Uri): Promise<boolean> {
  const { adaptor } = settings.method(scope);
  if (adaptor === undefined) return true;
  const anew = { label: vscode.l10n.t("$(refresh) Train a New Adaptor") };
  const none = { label: vscode.l10n.t("$(circle-slash) Refine without an Adaptor from Now On") };
  const placeHolder = vscode.l10n.t("{0} is in use", vscode.workspace.asRelativePath(adaptor));
  const chosen = await vscode.window.showQuickPick([anew, none], { placeHolder });
  if (chosen === none) await useAdaptor({ log }, undefined, scope);
  return chosen === anew;
}

function train(
  { engine }: Pick<Services, "engine">,
  choice: EngineParams<"adapt/start">,
): Promise<AdaptionView> {
  const options = {
    title: vscode.l10n.t("Learning from coarse masks"),
    location: vscode.ProgressLocation.Notification,
    cancellable: true,
  };
  return Promise.resolve(
    vscode.window.withProgress(options, (progress, token) => {
      const step = percentSteps();
      return engine.request("adapt/start", choice, {
        signal: signalOf(token),
        onProgress: ({ stage, done, total }) =>
          progress.report({
            message: stageText(stage, done, total, vscode.l10n.t),
            increment: step(done, total),
          }),
      });
    }),
  );
}
