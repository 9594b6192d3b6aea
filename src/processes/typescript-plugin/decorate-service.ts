/** The language service without what was added behind cells. */
import type ts from "typescript";
import { isCell } from "./cell-files.ts";
import { clip, type LengthOf } from "./clip.ts";

/** Methods whose answers are plain data about a file, their first argument. */
const PLACES = [
  "getDefinitionAtPosition",
  "getDefinitionAndBoundSpan",
  "getTypeDefinitionAtPosition",
  "getImplementationAtPosition",
  "getReferencesAtPosition",
  "findReferences",
  "findRenameLocations",
  "getDocumentHighlights",
  "getNavigationTree",
  "getNavigationBarItems",
  "getOutliningSpans",
  "getEditsForRefactor",
] as const;

const DIAGNOSTICS = [
  "getSyntacticDiagnostics",
  "getSemanticDiagnostics",
  "getSuggestionDiagnostics",
] as const;

type Method = (file: string, ...rest: unknown[]) => unknown;

/** Answers about cells as if nothing but the cell were there, and never adds or sorts its imports. */
export function decorateService(service: ts.LanguageService, lengthOf: LengthOf): ts.LanguageService {
  const clipped =
    (name: string): Method =>
    (file, ...rest) =>
      clip((service as unknown as Record<string, Method>)[name]?.(file, ...rest), file, lengthOf);
  const inside =
    (name: (typeof DIAGNOSTICS)[number]): Method =>
    (file) => {
      const length = lengthOf(file);
      const all: readonly ts.Diagnostic[] = service[name](file);
      return length === undefined ? all : all.filter(({ start = 0 }) => start <= length);
    };
  return Object.assign(Object.create(service), {
    ...Object.fromEntries(PLACES.map((name) => [name, clipped(name)])),
    ...Object.fromEntries(DIAGNOSTICS.map((name) => [name, inside(name)])),
    ...withoutImports(service),
  }) as ts.LanguageService;
}

/** New imports would come behind the last one, which is behind the end of the cell. */
function withoutImports(service: ts.LanguageService): Partial<ts.LanguageService> {
  return {
    getCompletionsAtPosition: (file, position, options, ...rest) => {
      const none = { includeCompletionsForModuleExports: false, includeExternalModuleExports: false };
      const own = isCell(file) ? { ...options, ...none } : options;
      return service.getCompletionsAtPosition(file, position, own, ...rest);
    },
    getCodeFixesAtPosition: (file, ...rest) => {
      const fixes = service.getCodeFixesAtPosition(file, ...rest);
      return isCell(file) ? fixes.filter(({ fixName }) => fixName !== "import") : fixes;
    },
    organizeImports: (args, ...rest) => (isCell(args.fileName) ? [] : service.organizeImports(args, ...rest)),
  };
}
