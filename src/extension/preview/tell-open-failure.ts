/** Telling why a preview stays empty. */
import * as vscode from "vscode";
import { choosePhoto } from "../commands/choose-photo.ts";
import { isPairingFailure } from "../pairing/is-pairing-failure.ts";
import type { PreviewSource, Services } from "../services.ts";
import { messageOf } from "../tell-failure.ts";

/** Tells it, and lets a person name a photo that was not found; returns what to show instead. */
export async function tellOpenFailure(
  services: Services,
  source: PreviewSource,
  error: unknown,
): Promise<PreviewSource | undefined> {
  const [mask] = source.sources;
  if (mask === undefined || !isPairingFailure(messageOf(error))) {
    await services.tellFailure(error);
    return undefined;
  }
  const choose = vscode.l10n.t("Choose Photo…");
  if ((await services.tellFailure(error, choose)) !== choose) return undefined;
  const image = await choosePhoto(mask);
  return image === undefined ? undefined : { ...source, image };
}
