/** An annotation file with several photos: which one to show. */
import { basename } from "node:path";
import * as vscode from "vscode";
import type { PlannedPhoto } from "../../protocol/engine.ts";
import type { PreviewSource, Services } from "../services.ts";
import { planSources } from "./plan-sources.ts";

/** Everything in a file, or one photo of it. */
export type PhotoOrAll = PlannedPhoto | "all";

/** The photo of an annotation file to show; asks where it has several. `undefined` when called off. */
export async function chooseOnePhoto(
  services: Pick<Services, "engine" | "settings">,
  path: string,
): Promise<PreviewSource | undefined> {
  const sources = [path];
  // What is wrong with the file is told where it is opened.
  const plan = await planSources(services, sources).catch(() => undefined);
  if (plan === undefined || plan.photos.length < 2) return { sources };
  const photo = await pickPhoto(plan.photos, []);
  return photo === undefined || photo === "all" ? undefined : { sources, key: photo.key };
}

/** Asks for one of the photos, or for all of them where `first` offers that. */
export async function pickPhoto(
  photos: readonly PlannedPhoto[],
  first: readonly (vscode.QuickPickItem & { readonly photo: "all" })[],
): Promise<PhotoOrAll | undefined> {
  const items = photos.map((photo) => ({ label: basename(photo.photo), description: photo.key, photo }));
  const placeHolder = vscode.l10n.t("The file has {0} photos", photos.length);
  const picked = await vscode.window.showQuickPick<vscode.QuickPickItem & { photo: PhotoOrAll }>(
    [...first, ...items],
    { placeHolder, matchOnDescription: true },
  );
  return picked?.photo;
}
