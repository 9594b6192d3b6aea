import * as vscode from "vscode";
import type { Completion } from "../../protocol/kernel.ts";
import type { NotebookSession } from "./notebook-session.ts";

const KINDS: Readonly<Record<Completion["kind"], vscode.CompletionItemKind>> = {
  function: vscode.CompletionItemKind.Function,
  class: vscode.CompletionItemKind.Class,
  value: vscode.CompletionItemKind.Field,
};

const LANGUAGES = ["typescript", "javascript"];

/** Where the kernels of cells are. */
export interface CompletionParts {
  readonly sessionOf: (notebook: vscode.NotebookDocument) => NotebookSession | undefined;
}

/** Suggests members and names by the values that the kernel has, where TypeScript knows no type. */
export function completeCells({ sessionOf }: CompletionParts): vscode.Disposable {
  const provider: vscode.CompletionItemProvider = {
    provideCompletionItems: async (document, position) => {
      if (!LANGUAGES.includes(document.languageId)) return undefined;
      const session = sessionAt(document, sessionOf);
      const text = document.getText();
      const offset = document.offsetAt(position);
      const found = await session?.complete(text.slice(0, offset), text.slice(offset));
      return found?.map(({ name, kind }) => new vscode.CompletionItem(name, KINDS[kind]));
    },
  };
  // VS Code asks those that name a language first, and others only when they know nothing: so nothing shows twice.
  const selector = { notebookType: "*", language: "*" };
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
