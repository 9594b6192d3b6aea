import * as vscode from "vscode";
import type { Completion } from "../../protocol/kernel.ts";
import type { NotebookSession } from "./notebook-session.ts";

const KINDS: Readonly<Record<Completion["kind"], vscode.CompletionItemKind>> = {
  function: vscode.CompletionItemKind.Function,
  class: vscode.CompletionItemKind.Class,
  value: vscode.CompletionItemKind.Field,
};

/** Which cells, and where their kernels are. */
export interface CompletionParts {
  readonly notebookType: string;
  readonly sessionOf: (notebook: vscode.NotebookDocument) => NotebookSession | undefined;
}

/** Suggests members and names by the values that the kernel has: VS Code's TypeScript sees one cell at a time. */
export function completeCells({ notebookType, sessionOf }: CompletionParts): vscode.Disposable {
  const provider: vscode.CompletionItemProvider = {
    provideCompletionItems: async (document, position) => {
      const session = sessionAt(document, sessionOf);
      const text = document.getText();
      const offset = document.offsetAt(position);
      const found = await session?.complete(text.slice(0, offset), text.slice(offset));
      return found?.map(({ name, kind }) => new vscode.CompletionItem(name, KINDS[kind]));
    },
  };
  const selector = ["typescript", "javascript"].map((language) => ({ notebookType, language }));
  return vscode.languages.registerCompletionItemProvider(selector, provider, ".", "{");
}

function sessionAt(
  document: vscode.TextDocument,
  sessionOf: CompletionParts["sessionOf"],
): NotebookSession | undefined {
  const notebook = vscode.workspace.notebookDocuments.find((notebook) =>
    notebook.getCells().some((cell) => cell.document === document),
  );
  return notebook && sessionOf(notebook);
}
