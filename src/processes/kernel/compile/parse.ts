import ts from "typescript";

/** A mistake that keeps code from being run. */
export interface CellSyntaxError {
  readonly message: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** Parses code as a module, so that `await` at the top level is one. Types are understood in JavaScript, too. */
export function parse(name: string, code: string): ts.SourceFile {
  const options: ts.CreateSourceFileOptions = {
    languageVersion: ts.ScriptTarget.ESNext,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    setExternalModuleIndicator: (file) => {
      (file as { externalModuleIndicator?: true }).externalModuleIndicator = true;
    },
  };
  return ts.createSourceFile(name, code, options, true, ts.ScriptKind.TS);
}

/** The first mistake in a file. */
export function checkSyntax(file: ts.SourceFile): CellSyntaxError | undefined {
  // TypeScript finds these while parsing, but shows them only to programs.
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: readonly ts.DiagnosticWithLocation[] };
  const [first] = parseDiagnostics;
  if (first === undefined) return undefined;
  const { line, character } = file.getLineAndCharacterOfPosition(first.start);
  const message = ts.flattenDiagnosticMessageText(first.messageText, "\n");
  return { message, line: line + 1, column: character + 1 };
}
