/** Refine Mask: what was chosen decides between a preview and a run. */
import { basename } from "node:path";
import * as vscode from "vscode";
import type { PlanView } from "../../protocol/engine.ts";
import { isPairingFailure } from "../pairing/is-pairing-failure.ts";
import { isPicture, tellMaskFromPhoto } from "../pairing/tell-mask-from-photo.ts";
import type { RunService, RunStartOptions, Services } from "../services.ts";
import { pickPhoto } from "./choose-one-photo.ts";
import { choosePhoto } from "./choose-photo.ts";
import { offerMasks } from "./offer-masks.ts";
import { planSources } from "./plan-sources.ts";

/** What the command works with. */
export interface RefineContext {
  readonly services: Services;
  readonly runs: RunService;
}

/** One photo opens in a preview, several or a folder of several go to a run. */
export async function refine(
  { services, runs }: RefineContext,
  uris: readonly vscode.Uri[],
  options: RunStartOptions = {},
): Promise<void> {
  const paths = uris.map(({ fsPath }) => fsPath);
  const pair = asPair(paths);
  if (pair !== undefined) return services.openPreview({ sources: [pair.mask], image: pair.photo }, options);
  const plan = await planSources(services, paths);
  if (plan.photos.length === 0) return tellNothing(services, paths, plan, options);
  if (plan.photos.length > 1 && !(await isOneFile(paths, plan))) return runs.start(uris, options);
  const photo = plan.photos.length === 1 ? plan.photos[0] : await pickPhoto(plan.photos, [allOf(plan)]);
  if (photo === undefined) return;
  if (photo === "all") return runs.start(uris, options);
  tellRefused(services, plan);
  return services.openPreview(
    { sources: paths, ...(plan.photos.length > 1 ? { key: photo.key } : {}) },
    options,
  );
}

/** A mask and its photo, chosen together. */
function asPair(paths: readonly string[]): ReturnType<typeof tellMaskFromPhoto> {
  const [a, b] = paths;
  if (paths.length !== 2 || a === undefined || b === undefined) return undefined;
  const pair = tellMaskFromPhoto(a, b);
  // Two masks differ in their names, too: only a picture in a photo's format is taken for a photo without asking.
  return pair !== undefined && isPicture(pair.photo) && !/\.png$/i.test(pair.photo) ? pair : undefined;
}

async function isOneFile(paths: readonly string[], plan: PlanView): Promise<boolean> {
  const files = new Set(plan.photos.flatMap((photo) => photo.files));
  return paths.length === 1 && files.size === 1 && files.has(paths[0] ?? "");
}

function allOf({ photos }: PlanView): vscode.QuickPickItem & { photo: "all" } {
  return { label: vscode.l10n.t("$(list-unordered) Refine all {0} photos", photos.length), photo: "all" };
}

async function tellNothing(
  services: Services,
  paths: readonly string[],
  { refused }: PlanView,
  options: RunStartOptions,
): Promise<void> {
  for (const { message } of refused) services.log.warn(message);
  const [mask] = paths;
  const [first] = refused;
  const message = first?.message ?? vscode.l10n.t("{0} holds no masks or annotations.", basename(mask ?? ""));
  const alone = mask !== undefined && paths.length === 1 && isPairingFailure(message);
  if (alone && (await offerMasks(services, mask, options))) return;
  const choose = vscode.l10n.t("Choose Photo…");
  const offered = alone ? [choose] : [];
  const chosen = await services.tellFailure(new Error(message), ...offered);
  if (chosen !== choose || mask === undefined) return;
  const image = await choosePhoto(mask);
  if (image !== undefined) await services.openPreview({ sources: [mask], image }, options);
}

/** What cannot be used beside what can. */
function tellRefused(services: Services, { refused }: PlanView): void {
  for (const { message } of refused) services.log.warn(message);
  if (refused.length === 0) return;
  const more = vscode.l10n.t(
    "{0} of the files cannot be used: {1}",
    refused.length,
    refused[0]?.message ?? "",
  );
  void vscode.window.showWarningMessage(more, vscode.l10n.t("Show Log")).then((chosen) => {
    if (chosen !== undefined) services.log.show();
  });
}
