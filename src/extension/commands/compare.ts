/** Compare with Photo: mask and photo chosen together, or the mask and then its photo. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { type MaskAndPhoto, tellMaskFromPhoto } from "../pairing/tell-mask-from-photo.ts";
import type { Services } from "../services.ts";
import { isFolder } from "../state-folder.ts";
import { choosePhoto } from "./choose-photo.ts";
import { planSources } from "./plan-sources.ts";

/** Opens the preview of a mask on a photo that a person named. */
export async function compare(services: Services, uris: readonly vscode.Uri[]): Promise<void> {
  const [a, b] = uris.map(({ fsPath }) => fsPath);
  if (a === undefined || uris.length > 2 || (await holdsFolder([a, b]))) {
    void vscode.window.showErrorMessage(vscode.l10n.t("Choose one mask, or a mask and its photo."));
    return;
  }
  const pair = b === undefined ? await withChosenPhoto(a) : await tellApart(services, a, b);
  if (pair !== undefined) await services.openPreview({ sources: [pair.mask], image: pair.photo });
}

async function holdsFolder(paths: readonly (string | undefined)[]): Promise<boolean> {
  const folders = await Promise.all(paths.map((path) => path !== undefined && isFolder(path)));
  return folders.includes(true);
}

async function withChosenPhoto(mask: string): Promise<MaskAndPhoto | undefined> {
  const photo = await choosePhoto(mask);
  return photo === undefined ? undefined : { mask, photo };
}

/** By their names, else by what the engine takes, else by asking. */
async function tellApart(services: Services, a: string, b: string): Promise<MaskAndPhoto | undefined> {
  const named = tellMaskFromPhoto(a, b);
  if (named !== undefined) return named;
  const [first, second] = await Promise.all([isTaken(services, a, b), isTaken(services, b, a)]);
  if (first !== second) return first ? { mask: a, photo: b } : { mask: b, photo: a };
  return askWhichIsMask(a, b);
}

async function isTaken(services: Services, mask: string, photo: string): Promise<boolean> {
  const plan = await planSources(services, [mask], photo).catch(() => undefined);
  return plan !== undefined && plan.photos.length > 0;
}

async function askWhichIsMask(a: string, b: string): Promise<MaskAndPhoto | undefined> {
  const items = [
    { label: basename(a), description: vscode.workspace.asRelativePath(a), pair: { mask: a, photo: b } },
    { label: basename(b), description: vscode.workspace.asRelativePath(b), pair: { mask: b, photo: a } },
  ];
  const placeHolder = vscode.l10n.t("Which of the two is the mask?");
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.pair;
}
