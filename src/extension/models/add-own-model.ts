/** A model of own ONNX files. */
import * as vscode from "vscode";
import type { ModelView } from "../../protocol/engine.ts";
import type { Services } from "../services.ts";
import { nameProblem, suggestedName } from "./model-texts.ts";
import { useModel } from "./use-model.ts";

/** Asks for both files and a name; they are inspected, and used if they can refine masks. */
export async function addOwnModel(services: Services, models: readonly ModelView[]): Promise<void> {
  const encoder = await askFile(vscode.l10n.t("Choose the encoder (1/2)"));
  const decoder = encoder && (await askFile(vscode.l10n.t("Choose the decoder (2/2)"), encoder));
  if (encoder === undefined || decoder === undefined) return;
  const taken = models.map(({ name }) => name);
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t("Name of the Model"),
    value: suggestedName(encoder.fsPath),
    validateInput: (value) => nameProblem(value, taken, vscode.l10n.t),
  });
  if (name === undefined) return;
  const files = { encoder: encoder.fsPath, decoder: decoder.fsPath };
  const options = {
    title: vscode.l10n.t("Inspecting {0}", name),
    location: vscode.ProgressLocation.Notification,
  };
  const model = await vscode.window.withProgress(options, () =>
    services.engine.request("models/add", { ...files, name }),
  );
  await useModel(services, model);
}

async function askFile(title: string, beside?: vscode.Uri): Promise<vscode.Uri | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title,
      filters: { ONNX: ["onnx"] },
      ...(beside === undefined ? {} : { defaultUri: vscode.Uri.joinPath(beside, "..") }),
    })) ?? [];
  return file;
}
