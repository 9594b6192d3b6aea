/** Restore Original. */
import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { withShortPaths } from "../short-paths.ts";
import { messageOf } from "../tell-failure.ts";
import { type Restoration, restoreOriginal } from "./restore-original.ts";

/** Brings back the originals of files that were replaced; one message sums up. */
export async function restoreFiles(services: Services, uris: readonly vscode.Uri[]): Promise<void> {
  await restorePaths(
    services,
    uris.map(({ fsPath }) => fsPath),
    false,
  );
}

/** @param force also those that were changed since: a person was asked */
async function restorePaths(services: Services, paths: readonly string[], force: boolean): Promise<void> {
  const results: Restoration[] = [];
  for (const path of paths) {
    const result = await restoreOriginal(services, path, force).catch((error: unknown) => ({
      restored: false,
      message: withShortPaths(messageOf(error)),
    }));
    services.log.info(result.message);
    results.push(result);
  }
  const [first] = results;
  if (first === undefined) return;
  const restored = results.filter((result) => result.restored).length;
  const message =
    results.length === 1
      ? first.message
      : vscode.l10n.t("{0} of {1} originals were restored.", restored, results.length);
  if (restored === results.length) return void vscode.window.showInformationMessage(message);
  const changed = paths.filter((_, i) => results[i]?.changed === true);
  if (await warn(services, message, changed.length > 0)) await restorePaths(services, changed, true);
}

/** Returns whether changed files shall be restored all the same. */
async function warn({ log }: Services, message: string, offersForce: boolean): Promise<boolean> {
  const anyway = vscode.l10n.t("Restore Anyway");
  const showLog = vscode.l10n.t("Show Log");
  const chosen = await vscode.window.showWarningMessage(
    message,
    ...(offersForce ? [anyway, showLog] : [showLog]),
  );
  if (chosen === showLog) log.show();
  return chosen === anyway;
}
