/** Engine settings that change while it runs. */
import * as vscode from "vscode";
import type { Services } from "../services.ts";

/** Restarts the engine for changed settings: at once when it idles, asking first when it works, not at all when it is off. */
export function restartOnSettings(services: Pick<Services, "engine" | "tellFailure">): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration("samrefiner.engine"))
      restart(services).catch((error) => services.tellFailure(error));
  });
}

async function restart({ engine }: Pick<Services, "engine">): Promise<void> {
  if (engine.state.process === undefined) return;
  const works = engine.state.state === "busy" || engine.state.state === "loading";
  if (works && !(await agrees())) return;
  await engine.restart();
}

async function agrees(): Promise<boolean> {
  const restart = vscode.l10n.t("Restart Engine");
  const question = vscode.l10n.t("Engine settings count after a restart, which stops the work under way.");
  return (await vscode.window.showInformationMessage(question, restart)) === restart;
}
