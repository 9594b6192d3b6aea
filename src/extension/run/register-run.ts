/** "Refine Masks in Workspace": plans, asks, runs and sums up. */
import { basename } from "node:path";
import * as vscode from "vscode";
import type { PlanView } from "../../protocol/engine.ts";
import { EngineError } from "../engine/mod.ts";
import { rememberJournal } from "../review/known-journals.ts";
import type { OutputSettings, RunService, RunStartOptions, Services } from "../services.ts";
import { chooseSources } from "./choose-sources.ts";
import { confirmRun } from "./confirm-run.ts";
import { datasetChoice, planDataset } from "./dataset-choice.ts";
import { doRun, type RunRequest } from "./do-run.ts";
import { tellSummary } from "./tell-summary.ts";

/** Registers the command; the service is for files that were chosen elsewhere. */
export function registerRun(services: Services): RunService {
  const start: RunService["start"] = (sources, options = {}) => startRun(services, sources, options);
  services.context.subscriptions.push(
    vscode.commands.registerCommand("samrefiner.refineWorkspace", async () => {
      try {
        const title = vscode.l10n.t("Refine Masks in Workspace");
        const placeHolder = vscode.l10n.t("Which masks should be refined?");
        const sources = await chooseSources({ title, placeHolder });
        if (sources !== undefined && sources.length > 0) await start(sources);
      } catch (error) {
        void services.tellFailure(error);
      }
    }),
  );
  return { start };
}

async function startRun(
  services: Services,
  uris: readonly vscode.Uri[],
  options: RunStartOptions,
): Promise<void> {
  const [scope] = uris;
  if (scope === undefined) return;
  const output = outputFor(services, scope, options);
  const base = vscode.workspace.getWorkspaceFolder(scope)?.uri.fsPath;
  const choice = datasetChoice(services, scope, uris);
  const plan = await planDataset(services, choice);
  for (const { message } of plan.refused) services.log.warn(message);
  if (plan.photos.length === 0) return tellNothing(services, plan);
  const confirmed = await confirmRun(services, { plan, output, base: base ?? plan.root });
  if (confirmed === undefined) return;
  const method = options.method ?? services.settings.method(scope);
  const { overwrite } = output;
  await perform(services, { ...choice, method, overwrite, ...confirmed });
}

function outputFor({ settings }: Services, scope: vscode.Uri, { output }: RunStartOptions): OutputSettings {
  const configured = settings.output(scope);
  return output === undefined ? configured : { ...configured, kind: output };
}

async function tellNothing(services: Services, { root, refused }: PlanView): Promise<void> {
  const message = refused[0]?.message ?? vscode.l10n.t("{0} holds no masks or annotations.", root);
  await services.tellFailure(new Error(message));
}

/** Runs; what ends it early is told with a way to continue. */
async function perform(services: Services, run: RunRequest): Promise<void> {
  const again = (): Promise<void> => perform(services, { ...run, resume: true });
  try {
    const summary = await doRun(services, run);
    await rememberJournal(services.context, summary.journal);
    // The message stays until it is answered; the command has ended before.
    void tellSummary(services, summary, again).catch((error) => services.tellFailure(error));
  } catch (error) {
    const crash = error instanceof EngineError && error.kind === "CrashError" ? error : undefined;
    const next = vscode.l10n.t("Restart Engine and Continue");
    // Before its first photo a run is at work on its sources: without those there is none.
    const file = crash?.file !== undefined && run.sources.includes(crash.file) ? undefined : crash?.file;
    const without = file && vscode.l10n.t("Continue without {0}", basename(file));
    const offers = [without, crash && next].filter((offer) => offer !== undefined);
    const chosen = await services.tellFailure(error, ...offers);
    if (chosen === undefined || !offers.includes(chosen)) return;
    if (file !== undefined && chosen === without)
      return perform(services, { ...run, exclude: [...(run.exclude ?? []), file], resume: true });
    await services.engine.restart();
    await again();
  }
}
