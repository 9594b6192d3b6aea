/** Undoing what was saved in place. */
import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { withShortPaths } from "../short-paths.ts";
import { historiesFor } from "../state-folder.ts";

/** How it went, in a sentence. */
export interface Restoration {
  readonly restored: boolean;
  readonly message: string;
  /** Whether it was left because somebody changed the file since: it can be restored all the same. */
  readonly changed?: boolean;
}

/**
 * Brings a file's original back from wherever it was kept.
 *
 * @param force also where the file was changed since it was saved
 */
export async function restoreOriginal(
  { context, engine }: Pick<Services, "context" | "engine">,
  path: string,
  force = false,
): Promise<Restoration> {
  const name = vscode.workspace.asRelativePath(path);
  let known: Restoration | undefined;
  for (const history of await historiesFor(context, path)) {
    const { restored, message: long } = await engine.request("history/restore", { history, path, force });
    const message = withShortPaths(long);
    if (restored) return { restored, message };
    // A history that does not know the file says nothing about it.
    if (!/ was never saved in place\.$/.test(long))
      known ??= { restored, message, changed: / was changed since it was saved\b/.test(long) };
  }
  const none = vscode.l10n.t(
    "No preview replaced {0}: there is no original to restore. What a run replaced comes back from the review view.",
    name,
  );
  return known ?? { restored: false, message: none };
}
