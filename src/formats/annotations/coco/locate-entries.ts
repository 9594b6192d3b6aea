import { type LocatedValue, locateValues } from "../../json-text/locate-values.ts";
import { unusable } from "../../unusable.ts";

/** An entry of one of the file's lists. */
export interface Entry {
  /** Its place in the list, from 0. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** Names of the lists of an instances file. */
const known: ReadonlySet<unknown> = new Set(["images", "annotations", "categories"]);

/**
 * The entries of an instances file's lists, by the lists' names.
 *
 * @throws {InputError} for text that is no JSON, and for a file without images or annotations
 */
export function locateLists(name: string, text: string): Map<string, Entry[]> {
  const entries = new Map<string, Entry[]>();
  const found = locate(name, text, (path, start) => {
    if (!known.has(path[0])) return false;
    // A list is asked for before its entries; an empty one has none that could tell of it.
    if (path.length === 1) assertList(name, String(path[0]), text, start);
    if (path.length === 1) entries.set(String(path[0]), []);
    return path.length === 2;
  });
  for (const list of ["images", "annotations"]) {
    if (!entries.has(list)) throw unusable(name, `no ${list}`, "COCO's lists of images and annotations");
  }
  for (const { path, start, end } of found) {
    entries.get(path[0] as string)!.push({ index: path[1] as number, start, end });
  }
  return entries;
}

/**
 * The entries of a result file.
 *
 * @throws {InputError} for text that is no list in JSON
 */
export function locateResults(name: string, text: string): Entry[] {
  const found = locate(name, text, (path, start) => {
    if (path.length === 0) assertList(name, "the results", text, start);
    return path.length === 1;
  });
  return found.map(({ start, end }, index) => ({ index, start, end }));
}

function locate(name: string, text: string, wanted: Parameters<typeof locateValues>[1]): LocatedValue[] {
  try {
    return locateValues(text, wanted);
  } catch (error) {
    if (error instanceof SyntaxError) throw unusable(name, error.message, "JSON", error);
    throw error;
  }
}

function assertList(name: string, what: string, text: string, start: number): void {
  if (text[start] === "[") return;
  const found = text[start] === "{" ? "an object" : JSON.stringify(text.slice(start, start + 12));
  throw unusable(name, `${found} for ${what}`, "a list");
}
