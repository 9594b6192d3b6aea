/** The extension: what VS Code calls. */
import * as vscode from "vscode";
import { registerCommands } from "./commands/register-commands.ts";
import { createEngine, type Engine } from "./engine/mod.ts";
import { registerNotebooks } from "./notebook/register-notebooks.ts";
import { Previews } from "./preview/previews.ts";
import { registerReview } from "./review/register-review.ts";
import { registerRun } from "./run/register-run.ts";
import { registerSample } from "./sample/register-sample.ts";
import type { ReviewService, Services } from "./services.ts";
import { settings } from "./settings.ts";
import { stateFolder } from "./state-folder.ts";
import { restartOnSettings } from "./status/restart-on-settings.ts";
import { createStatusBar } from "./status/status-bar.ts";
import { tellFailure } from "./tell-failure.ts";

let engine: Engine | undefined;

/** Registers everything; nothing is loaded or started until it is used. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("SAMRefiner", { log: true });
  engine = createEngine({
    distFolder: context.asAbsolutePath("dist"),
    options: settings.engine,
    nodePath: settings.nodePath,
    log: (level, message) => log[level](message),
  });
  const previews: Previews = new Previews(() => ({ services, review }));
  const services: Services = {
    context,
    engine,
    log,
    settings,
    openPreview: (source, options) => previews.open(source, options),
    stateFolder: (scope) => stateFolder(context, scope),
    tellFailure: (error, ...actions) => tellFailure(log, error, actions),
  };
  const runs = registerRun(services);
  const review: ReviewService = registerReview(services);
  context.subscriptions.push(
    log,
    createStatusBar(engine),
    restartOnSettings(services),
    previews.register(),
    registerCommands({ services, runs, previews }),
    registerSample(services),
    registerNotebooks(services),
  );
}

/** The engine process ends with the window. */
export async function deactivate(): Promise<void> {
  await engine?.dispose();
}
