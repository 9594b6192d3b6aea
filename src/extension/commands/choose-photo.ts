/** Letting a person name the photo of a mask. */
import { dirname } from "node:path";
import * as vscode from "vscode";
import { suggestTemplate } from "../pairing/suggest-template.ts";
import { messageOf } from "../tell-failure.ts";

/** Asks for the photo, and offers to pair other masks in the same way; `undefined` when called off. */
export async function choosePhoto(mask: string): Promise<string | undefined> {
  const [photo] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t("Choose the photo that the mask belongs to"),
      openLabel: vscode.l10n.t("Choose Photo"),
      defaultUri: vscode.Uri.file(dirname(mask)),
      filters: { [vscode.l10n.t("Photos")]: ["jpg", "jpeg", "png", "webp", "tif", "tiff", "avif"] },
    })) ?? [];
  if (photo === undefined) return undefined;
  offerTemplate(mask, photo.fsPath).catch((error) => vscode.window.showErrorMessage(messageOf(error)));
  return photo.fsPath;
}

async function offerTemplate(mask: string, photo: string): Promise<void> {
  const scope = vscode.Uri.file(mask);
  const template = suggestTemplate({ mask, photo });
  const config = vscode.workspace.getConfiguration("samrefiner", scope);
  const known = config.get<readonly string[]>("pairing.templates") ?? [];
  if (template === undefined || known.includes(template)) return;
  const remember = vscode.l10n.t("Remember");
  const question = vscode.l10n.t("Find the photos of other masks in the same way ({0})?", template);
  if ((await vscode.window.showInformationMessage(question, remember)) !== remember) return;
  await config.update("pairing.templates", [...known, template], targetFor(scope));
}

/** As near to the masks as settings go. */
function targetFor(scope: vscode.Uri): vscode.ConfigurationTarget {
  if (vscode.workspace.getWorkspaceFolder(scope) === undefined) return vscode.ConfigurationTarget.Global;
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  return several ? vscode.ConfigurationTarget.WorkspaceFolder : vscode.ConfigurationTarget.Workspace;
}
