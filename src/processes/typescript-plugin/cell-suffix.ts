import { compareCells } from "./cell-files.ts";
import type { TopLevelNames } from "./top-level-names.ts";

/** What the kernel gives every cell. */
const GIVEN: Readonly<Record<string, string>> = {
  display:
    "/** Shows a value now; the same `id` replaces it in place; `raw`: the value is a mime bundle. */ declare function display(value: unknown, options?: { readonly id?: string; readonly raw?: boolean }): void;",
  signal: "/** Interrupt aborts it. */ declare const signal: AbortSignal;",
};

/**
 * What makes a module of a cell that knows the other cells: exports of its own names, imports of theirs. It comes behind
 * the cell's text, so that every place in the cell stays where it is.
 *
 * @param cells every cell of the notebook by file name
 */
export function cellSuffix(cell: string, cells: ReadonlyMap<string, TopLevelNames>): string {
  const { names, exported } = cells.get(cell) ?? { names: [], exported: new Set<string>() };
  const known = new Set(names);
  const imports = nearestFirst(cell, [...cells.keys()]).map((other) => {
    const fresh = (cells.get(other)?.names ?? []).filter((name) => !known.has(name));
    for (const name of fresh) known.add(name);
    // Also without names, so that a change there is heard of here.
    return `import { ${fresh.join(", ")} } from ${JSON.stringify(other)};`;
  });
  const given = Object.entries(GIVEN).map(([name, text]) => (known.has(name) ? "" : text));
  const own = names.filter((name) => !exported.has(name));
  return `\n;export { ${own.join(", ")} };\n${[...imports, ...given].filter((line) => line !== "").join("\n")}\n`;
}

/** Cells before this one, the last of them first; then those behind it, which may have run, too. */
function nearestFirst(cell: string, all: readonly string[]): string[] {
  const sorted = all.filter((other) => other !== cell).sort(compareCells);
  const before = sorted.filter((other) => compareCells(other, cell) < 0);
  return [...before.reverse(), ...sorted.slice(before.length)];
}
