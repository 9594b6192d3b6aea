/** Refine Mask on a photo. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { folderAround, masksOfPhoto } from "../pairing/masks-of-photo.ts";
import { isPicture, looksLikeMask } from "../pairing/tell-mask-from-photo.ts";
import type { RunStartOptions, Services } from "../services.ts";
import { planSources } from "./plan-sources.ts";

/** Names of masks that a message lists. */
const LISTED = 3;

/**
 * Looks for the masks of what may be a photo, and offers to refine them.
 *
 * @returns whether there are any
 */
export async function offerMasks(
  services: Services,
  path: string,
  options: RunStartOptions,
): Promise<boolean> {
  if (!isPicture(path) || looksLikeMask(path)) return false;
  const workspace = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path))?.uri.fsPath;
  // What is wrong with other files is nobody's question here.
  const plan = await planSources(services, [folderAround(path, workspace)]).catch(() => undefined);
  const masks = plan === undefined ? [] : masksOfPhoto(plan, path);
  if (masks.length === 0) return false;
  const refine = vscode.l10n.t("Refine");
  const question = vscode.l10n.t("{0} is the photo of {1}.", basename(path), namesOf(masks));
  if ((await vscode.window.showInformationMessage(question, refine)) === refine)
    await services.openPreview({ sources: masks, image: path }, options);
  return true;
}

function namesOf(masks: readonly string[]): string {
  const names = masks.slice(0, LISTED).map((mask) => vscode.workspace.asRelativePath(mask));
  return names.join(", ") + (masks.length > LISTED ? ", …" : "");
}
