import type { TextEdit } from "../text/edit-text.ts";
import { unusable } from "../unusable.ts";
import { type JSONPath, type LocatedValue, locateValues } from "./locate-values.ts";
import { type NewValues, setValues } from "./set-values.ts";

/** What changes in a list of objects, entries named by their index before any change. */
export interface ListChanges {
  readonly replaced: readonly { readonly index: number; readonly values: NewValues }[];
  readonly removed: readonly number[];
  /** Copies of an entry with other values, behind an entry that stays; in this order. */
  readonly added: readonly { readonly after: number; readonly copyOf: number; readonly values: NewValues }[];
}

/**
 * Where the entries of lists and objects stand in a JSON text, found in one pass.
 *
 * @param name what messages call the file
 * @param parents paths of the lists and objects
 * @returns for each of them its entries in the order of the text
 * @throws {InputError} for text that is no JSON, or nested deeper than any annotation
 */
export function locateEntries(name: string, text: string, parents: readonly JSONPath[]): LocatedValue[][] {
  const keys = new Map(parents.map((path, i) => [JSON.stringify(path), i]));
  const depths = new Set(parents.map(({ length }) => length + 1));
  const entries: LocatedValue[][] = parents.map(() => []);
  const parentOf = (path: JSONPath): number | undefined =>
    depths.has(path.length) ? keys.get(JSON.stringify(path.slice(0, -1))) : undefined;
  const deepest = Math.max(...depths);
  for (const value of locate(name, text, (path) => parentOf(path) !== undefined, deepest)) {
    entries[parentOf(value.path)!]!.push(value);
  }
  return entries;
}

function locate(
  name: string,
  text: string,
  wanted: (path: JSONPath) => boolean,
  deepest: number,
): LocatedValue[] {
  try {
    return locateValues(text, wanted, deepest);
  } catch (cause) {
    throw unusable(name, (cause as Error).message, "JSON", cause);
  }
}

/** The edits of a text that change a list in it; at least one entry must stay. */
export function editList(text: string, entries: readonly LocatedValue[], changes: ListChanges): TextEdit[] {
  const textOf = (index: number): string => text.slice(entries[index]!.start, entries[index]!.end);
  const replaced = changes.replaced.map(({ index, values }) => ({
    start: entries[index]!.start,
    end: entries[index]!.end,
    text: setValues(textOf(index), values),
  }));
  const added = changes.added.map(({ after, copyOf, values }) => {
    const { start, end } = entries[after]!;
    const space = /\s*$/.exec(text.slice(entries[after - 1]?.end ?? 0, start))![0];
    return { start: end, end, text: `,${space}${setValues(textOf(copyOf), values)}` };
  });
  return [...replaced, ...added, ...removeEntries(entries, new Set(changes.removed))];
}

/** An entry goes with the comma before it; those before the first that stays go with the comma behind them. */
function removeEntries(entries: readonly LocatedValue[], removed: ReadonlySet<number>): TextEdit[] {
  const firstKept = entries.findIndex((_, index) => !removed.has(index));
  return [...removed].map((index) =>
    index < firstKept
      ? { start: entries[index]!.start, end: entries[index + 1]!.start, text: "" }
      : { start: entries[index - 1]!.end, end: entries[index]!.end, text: "" },
  );
}
