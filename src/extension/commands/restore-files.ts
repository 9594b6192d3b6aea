/** Restore Original. */
import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { messageOf } from "../tell-failure.ts";
import { type Restoration, restoreOriginal } from "./restore-original.ts";

/** Brings back the originals of files that were replaced; one message sums up. */
export async function restoreFiles(services: Services, uris: readonly vscode.Uri[]): Promise<void> {
  const results: Restoration[] = [];
  for (const { fsPath } of uris) {
    const result = await restoreOriginal(services, fsPath).catch((error: unknown) => ({
      restored: false,
      message: messageOf(error),
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
  if (restored === results.length) void vscode.window.showInformationMessage(message);
  else await warn(services, message);
}

async function warn({ log }: Services, message: string): Promise<void> {
  if ((await vscode.window.showWarningMessage(message, vscode.l10n.t("Show Log"))) !== undefined) log.show();
}
