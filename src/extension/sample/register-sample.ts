/** What the walkthrough's buttons do. */
import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { copySample } from "./copy-sample.ts";

/** Name of the copy in a workspace folder. */
const FOLDER = "samrefiner-sample";

/** Registers the sample's commands. */
export function registerSample(services: Services): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand("samrefiner.openSample", () => told(services, openSample)),
    vscode.commands.registerCommand("samrefiner.refineSample", () => told(services, refineSample)),
  );
}

/** Puts the sample where it can be right-clicked, and shows the mask as it is. */
async function openSample({ context }: Services): Promise<void> {
  const mask = vscode.Uri.file(await sampleMask(context));
  await vscode.commands.executeCommand("vscode.open", mask);
  if (vscode.workspace.getWorkspaceFolder(mask) !== undefined)
    await vscode.commands.executeCommand("revealInExplorer", mask);
}

/** What a right-click and Refine Mask would do. */
async function refineSample({ context, openPreview }: Services): Promise<void> {
  await openPreview({ sources: [await sampleMask(context)] });
}

/** Copies the sample; path of the mask to begin with. */
export async function sampleMask(context: vscode.ExtensionContext): Promise<string> {
  const folder = await sampleFolder(context);
  return copySample(context.asAbsolutePath("examples/sample"), folder);
}

/** In the first workspace folder that takes files, else in VS Code's storage. */
async function sampleFolder(context: vscode.ExtensionContext): Promise<string> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    if (uri.scheme === "file" && (await isWritable(uri.fsPath))) return join(uri.fsPath, FOLDER);
  }
  return join(context.globalStorageUri.fsPath, FOLDER);
}

function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}

async function told(services: Services, work: (services: Services) => Promise<void>): Promise<void> {
  try {
    await work(services);
  } catch (error) {
    await services.tellFailure(error);
  }
}
