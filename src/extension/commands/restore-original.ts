/** Undoing what was saved in place. */
import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { historiesFor } from "../state-folder.ts";

/** How it went, in a sentence. */
export interface Restoration {
  readonly restored: boolean;
  readonly message: string;
}

/** Brings a file's original back from wherever it was kept. */
export async function restoreOriginal(
  { context, engine }: Pick<Services, "context" | "engine">,
  path: string,
): Promise<Restoration> {
  const name = vscode.workspace.asRelativePath(path);
  let answer: Restoration | undefined;
  for (const history of await historiesFor(context, path)) {
    answer = await engine.request("history/restore", { history, path });
    if (answer.restored) return answer;
  }
  const none = vscode.l10n.t(
    "No preview replaced {0}: there is no original to restore. What a run replaced comes back from the review view.",
    name,
  );
  return answer ?? { restored: false, message: none };
}
