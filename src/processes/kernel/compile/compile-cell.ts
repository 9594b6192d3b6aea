import { type CellSyntaxError, checkSyntax, parse } from "./parse.ts";
import { rewriteModuleSyntax } from "./rewrite-module-syntax.ts";
import { stripTypes } from "./strip-types.ts";

/** A cell as plain JavaScript, or what is wrong with it. */
export type CompiledCell = { readonly js: string } | { readonly error: CellSyntaxError };

/**
 * Makes a cell a script that V8's REPL mode evaluates: types are blanked out, `import` becomes a call of `__load`.
 * Everything else stays at its line and column.
 *
 * @param name what stack traces call it
 */
export function compileCell(code: string, name: string): CompiledCell {
  const error = checkSyntax(parse(name, code));
  if (error !== undefined) return { error };
  const js = rewriteModuleSyntax(stripTypes(name, code), name);
  return { js: `${js}\n//# sourceURL=${name}` };
}
