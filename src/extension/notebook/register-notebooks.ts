/** Notebooks: the kernel that runs TypeScript cells, and its commands. */
import { homedir } from "node:os";
import { dirname, join, relative } from "node:path";
import * as vscode from "vscode";
import { sampleMask } from "../sample/register-sample.ts";
import type { Services } from "../services.ts";
import { completeCells } from "./complete-cells.ts";
import { isTypeScriptNotebook, withKernelspec } from "./kernelspec.ts";
import { type NewCell, newNotebook } from "./new-notebook.ts";
import { NotebookSession } from "./notebook-session.ts";

const ID = "samrefiner-typescript";
/** The type of `.ipynb` files in VS Code, with or without the Jupyter extension. */
const TYPE = "jupyter-notebook";

/** Registers the kernel and the commands; no process is started before the first cell runs. */
export function registerNotebooks(services: Services): vscode.Disposable {
  const controller = vscode.notebooks.createNotebookController(ID, TYPE, "SAMRefiner (TypeScript)");
  const sessions = new Map<vscode.NotebookDocument, NotebookSession>();
  const sessionOf = (notebook: vscode.NotebookDocument): NotebookSession => {
    const known = sessions.get(notebook) ?? makeSession(services, controller, notebook);
    sessions.set(notebook, known);
    return known;
  };
  controller.supportedLanguages = ["typescript", "javascript"];
  controller.supportsExecutionOrder = true;
  controller.description = vscode.l10n.t("TypeScript with the SAMRefiner SDK");
  controller.executeHandler = (cells, notebook) =>
    vscode.workspace.isTrusted
      ? sessionOf(notebook).execute(cells)
      : void vscode.window.showWarningMessage(
          vscode.l10n.t("Notebooks run programs: trust this workspace to run their cells."),
        );
  controller.interruptHandler = async (notebook) => sessions.get(notebook)?.interrupt();
  const prefer = (notebook: vscode.NotebookDocument): void => {
    if (notebook.notebookType === TYPE && isTypeScriptNotebook(notebook.metadata))
      controller.updateNotebookAffinity(notebook, vscode.NotebookControllerAffinity.Preferred);
  };
  for (const notebook of vscode.workspace.notebookDocuments) prefer(notebook);
  return vscode.Disposable.from(
    controller,
    controller.onDidChangeSelectedNotebooks(({ notebook, selected }) => selected && nameLanguage(notebook)),
    completeCells({ sessionOf: (notebook) => sessions.get(notebook) }),
    vscode.workspace.onDidOpenNotebookDocument(prefer),
    vscode.workspace.onDidCloseNotebookDocument((notebook) => {
      void sessions.get(notebook)?.dispose();
      sessions.delete(notebook);
    }),
    vscode.commands.registerCommand("samrefiner.newNotebook", () => told(services, openNewNotebook)),
    vscode.commands.registerCommand("samrefiner.restartKernel", () => restart(sessions)),
    { dispose: () => void Promise.all([...sessions.values()].map((session) => session.dispose())) },
  );
}

function makeSession(
  { context, log, settings }: Services,
  controller: vscode.NotebookController,
  notebook: vscode.NotebookDocument,
): NotebookSession {
  return new NotebookSession({
    controller,
    kernel: {
      distFolder: context.asAbsolutePath("dist"),
      folder: folderOf(notebook.uri),
      nodePath: settings.nodePath,
      log: (level, message) => log[level](message),
    },
  });
}

/** Where a notebook's paths begin: its folder; the workspace for one that was never saved. */
function folderOf(uri: vscode.Uri): string {
  if (uri.scheme === "file") return dirname(uri.fsPath);
  const folder = vscode.workspace.workspaceFolders?.find((folder) => folder.uri.scheme === "file");
  return folder?.uri.fsPath ?? homedir();
}

/** Jupyter then opens it with Deno's kernel. */
async function nameLanguage(notebook: vscode.NotebookDocument): Promise<void> {
  if (isTypeScriptNotebook(notebook.metadata)) return;
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.updateNotebookMetadata(withKernelspec(notebook.metadata))]);
  await vscode.workspace.applyEdit(edit);
}

/** The notebook in front. */
async function restart(sessions: ReadonlyMap<vscode.NotebookDocument, NotebookSession>): Promise<void> {
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  const session = notebook && sessions.get(notebook);
  await session?.restart();
  vscode.window.setStatusBarMessage(vscode.l10n.t("The kernel was restarted: variables are gone."), 5000);
}

async function openNewNotebook({ context }: Services): Promise<void> {
  const mask = await sampleMask(context);
  const photo = join(dirname(mask), "../images/still-life.jpg");
  const paths = { mask: pathFor(mask), photo: pathFor(photo) };
  const data = new vscode.NotebookData(newNotebook(paths, vscode.l10n.t).map(cellData));
  data.metadata = withKernelspec({});
  const notebook = await vscode.workspace.openNotebookDocument(TYPE, data);
  await vscode.window.showNotebookDocument(notebook);
  await vscode.commands.executeCommand("notebook.selectKernel", { id: ID, extension: context.extension.id });
}

/** As the cells of a notebook that was never saved write it. */
function pathFor(path: string): string {
  const below = relative(folderOf(vscode.Uri.from({ scheme: "untitled", path: "/" })), path);
  return (below.startsWith("..") ? path : below).replaceAll("\\", "/");
}

function cellData({ kind, text }: NewCell): vscode.NotebookCellData {
  return kind === "code"
    ? new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, "typescript")
    : new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, text, "markdown");
}

async function told(services: Services, work: (services: Services) => Promise<void>): Promise<void> {
  try {
    await work(services);
  } catch (error) {
    await services.tellFailure(error);
  }
}
