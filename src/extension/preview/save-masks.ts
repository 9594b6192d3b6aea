/** Writing refined masks. */
import { isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import type { OutputChoice } from "../../protocol/engine.ts";
import { EngineError } from "../engine/mod.ts";
import type { OutputSettings, Services } from "../services.ts";
import { withShortPaths } from "../short-paths.ts";
import { historyFolder, isFolder, makeStateFolder } from "../state-folder.ts";
import type { EngineSession } from "./engine-session.ts";
import { savedMessage } from "./saved-message.ts";

/** What is to be written. */
export interface SaveMasks {
  readonly session: EngineSession;
  /** Ids of the regions that take their refined pixels. */
  readonly accepted: readonly number[];
  /** A file of the preview. */
  readonly scope: vscode.Uri;
  readonly output: OutputSettings;
}

/** What was written. */
export interface SavedMasks {
  readonly files: readonly { readonly source: string; readonly path: string; readonly unchanged: boolean }[];
  /** A sentence that says so. */
  readonly message: string;
  readonly inPlace: boolean;
}

/** Writes them where the settings say; `undefined` when the user called it off. */
export async function saveMasks(
  services: Services,
  { session, accepted, scope, output }: SaveMasks,
): Promise<SavedMasks | undefined> {
  const target = await outputChoice(services, scope, output);
  if (target === undefined) return undefined;
  const files = await write(session, accepted, target, output.overwrite);
  if (files === undefined) return undefined;
  const named = files.map(({ path, unchanged }) => ({
    name: vscode.workspace.asRelativePath(path),
    unchanged,
  }));
  const message = savedMessage(named, target.kind, vscode.l10n.t);
  services.log.info(message);
  return { files, message, inPlace: target.kind === "in-place" };
}

async function outputChoice(
  services: Services,
  scope: vscode.Uri,
  output: OutputSettings,
): Promise<OutputChoice | undefined> {
  if (output.kind === "mirror") return mirror(scope, output.mirrorFolder);
  if (output.kind === "beside") return { kind: "beside" };
  const state = await services.stateFolder(scope);
  if (!(await isFolder(historyFolder(state))) && !(await agreesToReplace(state))) return undefined;
  await makeStateFolder(state);
  return { kind: "in-place", history: historyFolder(state) };
}

/** A folder below the workspace folder, or below the file's own where there is no workspace. */
function mirror(scope: vscode.Uri, folder: string): OutputChoice {
  const root = vscode.workspace.getWorkspaceFolder(scope)?.uri.fsPath ?? join(scope.fsPath, "..");
  return { kind: "mirror", root, folder: isAbsolute(folder) ? folder : join(root, folder) };
}

/** Asked once per workspace: from then on the folder of originals is there. */
async function agreesToReplace(state: string): Promise<boolean> {
  const replace = vscode.l10n.t("Replace");
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t("Replace the mask with its refined version?"),
    {
      modal: true,
      detail: vscode.l10n.t('Originals are kept in {0}, and "Restore Original" brings them back.', state),
    },
    replace,
  );
  return chosen === replace;
}

async function write(
  session: EngineSession,
  accepted: readonly number[],
  target: OutputChoice,
  overwrite: boolean,
): Promise<SavedMasks["files"] | undefined> {
  try {
    return (await session.save({ accepted, target, overwrite })).files;
  } catch (error) {
    if (overwrite || !isInTheWay(error)) throw error;
    if (!(await agreesToOverwrite(error))) return undefined;
    return (await session.save({ accepted, target, overwrite: true })).files;
  }
}

function isInTheWay(error: unknown): error is EngineError {
  return error instanceof EngineError && error.kind === "OutputError" && /\bexists\b/.test(error.message);
}

async function agreesToOverwrite({ message }: Error): Promise<boolean> {
  const overwrite = vscode.l10n.t("Overwrite");
  const question = vscode.l10n.t("Overwrite the earlier result?");
  const chosen = await vscode.window.showWarningMessage(
    question,
    { modal: true, detail: withShortPaths(message) },
    overwrite,
  );
  return chosen === overwrite;
}
