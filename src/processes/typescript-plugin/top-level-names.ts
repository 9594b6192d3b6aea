import type ts from "typescript";

/** What a cell declares at its top level. */
export interface TopLevelNames {
  /** Names that later cells can use, imports among them. */
  readonly names: readonly string[];
  /** Those that the cell exports by itself. */
  readonly exported: ReadonlySet<string>;
}

/** Finds what a cell declares. */
export function topLevelNames(api: typeof ts, text: string): TopLevelNames {
  const names = new Set<string>();
  const exported = new Set<string>();
  for (const statement of api.createSourceFile("cell.ts", text, api.ScriptTarget.Latest).statements) {
    const found = namesIn(api, statement);
    for (const name of found) names.add(name);
    if (isExported(api, statement)) for (const name of found) exported.add(name);
  }
  return { names: [...names], exported };
}

function namesIn(api: typeof ts, statement: ts.Statement): string[] {
  if (api.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(api, name));
  if (api.isImportDeclaration(statement)) return importedNames(api, statement.importClause);
  const isNamed =
    api.isFunctionDeclaration(statement) ||
    api.isClassDeclaration(statement) ||
    api.isEnumDeclaration(statement) ||
    api.isInterfaceDeclaration(statement) ||
    api.isTypeAliasDeclaration(statement) ||
    api.isModuleDeclaration(statement);
  return isNamed && statement.name !== undefined && api.isIdentifier(statement.name)
    ? [statement.name.text]
    : [];
}

function boundNames(api: typeof ts, name: ts.BindingName): string[] {
  if (api.isIdentifier(name)) return name.text === "" ? [] : [name.text];
  return name.elements.flatMap((element) =>
    api.isOmittedExpression(element) ? [] : boundNames(api, element.name),
  );
}

function importedNames(api: typeof ts, clause: ts.ImportClause | undefined): string[] {
  const bindings = clause?.namedBindings;
  const named =
    bindings === undefined
      ? []
      : api.isNamespaceImport(bindings)
        ? [bindings.name.text]
        : bindings.elements.map(({ name }) => name.text);
  return [...(clause?.name === undefined ? [] : [clause.name.text]), ...named].filter((name) => name !== "");
}

function isExported(api: typeof ts, statement: ts.Statement): boolean {
  const modifiers = api.canHaveModifiers(statement) ? (api.getModifiers(statement) ?? []) : [];
  return modifiers.some(({ kind }) => kind === api.SyntaxKind.ExportKeyword);
}
