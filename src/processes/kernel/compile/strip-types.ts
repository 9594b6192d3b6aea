import { blankSourceFile } from "ts-blank-space";
import ts from "typescript";
import { applyEdits, type Edit, padLines } from "./edits.ts";
import { parse } from "./parse.ts";

/**
 * TypeScript as JavaScript: types become blanks, so that lines and columns stay as they are. Only statements with syntax
 * that is more than types (enums, namespaces, parameter properties) are written anew; what follows them stays on its line.
 */
export function stripTypes(name: string, code: string): string {
  const file = parse(name, code);
  const beyondTypes = new Set<ts.Statement>();
  const js = blankSourceFile(file, (node) => {
    const statement = topStatement(node);
    if (statement !== undefined) beyondTypes.add(statement);
  });
  if (beyondTypes.size === 0) return js;
  const edits = [...beyondTypes].map((statement) => transpiled(statement, file));
  return blankSourceFile(parse(name, applyEdits(code, edits)));
}

function topStatement(node: ts.Node): ts.Statement | undefined {
  let outer = node;
  while (outer.parent !== undefined && !ts.isSourceFile(outer.parent)) outer = outer.parent;
  return ts.isSourceFile(outer) ? undefined : (outer as ts.Statement);
}

function transpiled(statement: ts.Statement, file: ts.SourceFile): Edit {
  const [start, end] = [statement.getStart(file), statement.end];
  const original = file.text.slice(start, end);
  const { outputText } = ts.transpileModule(original, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      removeComments: true,
    },
  });
  return { start, end, text: padLines(squeezed(outputText, original), original) };
}

/** On one line where that is safe: a template may hold line breaks of its own. */
function squeezed(js: string, original: string): string {
  return original.includes("`") ? js.trimEnd() : js.trim().replace(/\n\s*/g, " ");
}
