import ts from "typescript";
import { applyEdits, type Edit, padLines } from "./edits.ts";
import { parse } from "./parse.ts";

/** Imports for scripts. As long as `import`, so that columns stay. */
const LOAD = "__load";

/**
 * Makes JavaScript of a module a script: `import` declarations become constants, so that later cells have them, too;
 * `import()` and `import.meta` use `__load`, as scripts of the inspector cannot import; `export` goes.
 */
export function rewriteModuleSyntax(js: string, name: string): string {
  const file = parse(name, js);
  return applyEdits(
    js,
    file.statements.flatMap((statement) => editsOf(statement, file)),
  );
}

function editsOf(statement: ts.Statement, file: ts.SourceFile): Edit[] {
  if (ts.isImportDeclaration(statement)) return [replaced(statement, constantsFor(statement), file)];
  if (ts.isExportDeclaration(statement)) return [replaced(statement, reexport(statement), file)];
  return [...exportKeywords(statement, file), ...importKeywords(statement, file)];
}

/** `export` and `default`, also of `export default value`: the value is the cell's result. */
function exportKeywords(statement: ts.Statement, file: ts.SourceFile): Edit[] {
  if (ts.isExportAssignment(statement))
    return [blanked(statement.getStart(file), statement.expression.getStart(file))];
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  return modifiers
    .filter(({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword)
    .map((modifier) => blanked(modifier.getStart(file), modifier.end));
}

/** Of `import(…)` and `import.meta`. */
function importKeywords(node: ts.Node, file: ts.SourceFile): Edit[] {
  const isOne =
    (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) ||
    (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword);
  const start = node.getStart(file);
  const own = isOne ? [{ start, end: start + LOAD.length, text: LOAD }] : [];
  const inner: Edit[] = [];
  ts.forEachChild(node, (child) => void inner.push(...importKeywords(child, file)));
  return [...own, ...inner];
}

function replaced(node: ts.Node, text: string, file: ts.SourceFile): Edit {
  const start = node.getStart(file);
  return { start, end: node.end, text: padLines(text, file.text.slice(start, node.end)) };
}

function blanked(start: number, end: number): Edit {
  return { start, end, text: " ".repeat(end - start) };
}

/** Names of this cell need no export; another module's are loaded for what they do. */
function reexport({ moduleSpecifier }: ts.ExportDeclaration): string {
  return moduleSpecifier === undefined ? ";" : `void await ${LOAD}(${moduleSpecifier.getText()});`;
}

function constantsFor({ importClause, moduleSpecifier, attributes }: ts.ImportDeclaration): string {
  const options = attributes === undefined ? "" : `, { with: ${valuesOf(attributes)} }`;
  const loaded = `await ${LOAD}(${moduleSpecifier.getText()}${options})`;
  if (importClause === undefined) return `void ${loaded};`;
  const { name, namedBindings } = importClause;
  const own = name === undefined ? [] : [`default: ${name.text}`];
  if (namedBindings === undefined) return `const { ${own} } = ${loaded};`;
  if (ts.isNamedImports(namedBindings)) {
    const names = namedBindings.elements.map((element) => binding(element));
    return `const { ${[...own, ...names].join(", ")} } = ${loaded};`;
  }
  const all = namedBindings.name.text;
  const first = own.length === 0 ? "" : `, { ${own} } = ${all}`;
  return `const ${all} = ${loaded}${first};`;
}

function binding({ propertyName, name }: ts.ImportSpecifier): string {
  return propertyName === undefined ? name.text : `${propertyName.getText()}: ${name.text}`;
}

function valuesOf({ elements }: ts.ImportAttributes): string {
  return `{ ${elements.map(({ name, value }) => `${name.getText()}: ${value.getText()}`).join(", ")} }`;
}
