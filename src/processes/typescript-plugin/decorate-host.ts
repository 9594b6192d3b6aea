/** Cells as modules that know each other, for TypeScript's server. */
import type ts from "typescript";
import { isCell, notebookOf, placeOf } from "./cell-files.ts";
import { cellSuffix } from "./cell-suffix.ts";
import { type TopLevelNames, topLevelNames } from "./top-level-names.ts";

/** What the server works with. */
export interface HostParts {
  readonly api: typeof ts;
  readonly project: ts.server.Project;
  /** Types of the SDK for notebooks whose folder has none installed. */
  readonly sdkTypes: string;
}

/** Gives cells their suffixes and finds what they import. Other files stay as they are. */
export function decorateHost({ api, project, sdkTypes }: HostParts): void {
  // The language service asks the project itself, so its methods are replaced in place.
  const host = project as ts.LanguageServiceHost & ts.ModuleResolutionHost;
  const snapshotOf = host.getScriptSnapshot.bind(host);
  const versionOf = host.getScriptVersion.bind(host);
  const settings = host.getCompilationSettings.bind(host);
  const resolve = host.resolveModuleNameLiterals?.bind(host);
  const known = new Map<string, { readonly version: string; readonly names: TopLevelNames }>();
  const namesOf = (cell: string): TopLevelNames => {
    const version = versionOf(cell);
    const cached = known.get(cell);
    if (cached?.version === version) return cached.names;
    const names = topLevelNames(api, textOf(snapshotOf(cell)));
    known.set(cell, { version, names });
    return names;
  };
  const suffixOf = (cell: string): string => {
    const cells = openFiles(project).filter((file) => isCell(file) && notebookOf(file) === notebookOf(cell));
    return cellSuffix(cell, new Map(cells.map((file) => [file, namesOf(file)])));
  };
  host.getScriptSnapshot = (file) => {
    const snapshot = snapshotOf(file);
    if (snapshot === undefined || !isCell(file)) return snapshot;
    return api.ScriptSnapshot.fromString(textOf(snapshot) + suffixOf(file));
  };
  host.getScriptVersion = (file) => (isCell(file) ? `${versionOf(file)}${suffixOf(file)}` : versionOf(file));
  // Types of the SDK need the newest library.
  host.getCompilationSettings = () =>
    project.getRootScriptInfos().some(({ fileName }) => isCell(fileName))
      ? { ...settings(), target: api.ScriptTarget.ESNext }
      : settings();
  host.resolveModuleNameLiterals = (literals, path, redirected, options, from, reused) => {
    const resolved = resolve?.(literals, path, redirected, options, from, reused) ?? [];
    // The path has become an absolute one; the file's own name has not.
    const file = from.fileName;
    if (!isCell(file)) return resolved;
    return literals.map(({ text }, i) => {
      if (isCell(text)) return found(text, api.Extension.Ts);
      const place = placeOf(file);
      const beside =
        place === undefined ? undefined : api.resolveModuleName(text, place, options, host).resolvedModule;
      if (beside !== undefined) return { resolvedModule: beside };
      return text === "samrefiner" ? found(sdkTypes, api.Extension.Dts) : (resolved[i] ?? nothing);
    });
  };
}

/** Cells of a notebook that was never saved have a project each: these are of all projects. */
function openFiles({ projectService }: ts.server.Project): string[] {
  const paths = [...projectService.openFiles.keys()] as ts.Path[];
  return paths.flatMap((path) => projectService.getScriptInfoForPath(path)?.fileName ?? []);
}

const nothing: ts.ResolvedModuleWithFailedLookupLocations = { resolvedModule: undefined };

function found(resolvedFileName: string, extension: string): ts.ResolvedModuleWithFailedLookupLocations {
  return {
    resolvedModule: { resolvedFileName, extension, isExternalLibraryImport: false } as ts.ResolvedModuleFull,
  };
}

function textOf(snapshot: ts.IScriptSnapshot | undefined): string {
  return snapshot?.getText(0, snapshot.getLength()) ?? "";
}
