import type { JsonLists, ListEntry } from "../../json-text/json-lists.ts";
import type { JSONPath } from "../../json-text/locate-values.ts";
import { unusable } from "../../unusable.ts";

/** An entry of one of the file's lists. */
export interface Entry {
  /** Its place in the list, from 0. */
  readonly index: number;
  /** Its number in the file, see {@link JsonLists}. */
  readonly entry: number;
}

/** Names of the lists of an instances file. */
const known: ReadonlySet<unknown> = new Set(["images", "annotations", "categories"]);

/**
 * The entries of an instances file's lists, by the lists' names; those of other lists are only checked.
 *
 * @throws {InputError} for text that is no JSON, and for a file without images or annotations
 */
export function locateLists(name: string, json: JsonLists): Map<string, Entry[]> {
  const entries = new Map<string, Entry[]>();
  const found = json.locate((path, place) => {
    if (!known.has(path[0])) return false;
    // A list is asked for before its entries; an empty one has none that could tell of it.
    if (path.length === 1) assertList(name, String(path[0]), json.frame, place);
    if (path.length === 1) entries.set(String(path[0]), []);
    return path.length === 2;
  });
  for (const list of ["images", "annotations"]) {
    if (!entries.has(list)) throw unusable(name, `no ${list}`, "COCO's lists of images and annotations");
  }
  for (const { path, entry } of found) {
    entries.get(path[0] as string)!.push({ index: path[1] as number, entry });
  }
  checkOthers(json, found);
  return entries;
}

/**
 * The entries of a result file.
 *
 * @throws {InputError} for text that is no list in JSON
 */
export function locateResults(name: string, json: JsonLists): Entry[] {
  const wanted = (path: JSONPath, place: number): boolean => {
    if (path.length === 0) assertList(name, "the results", json.frame, place);
    return path.length === 1;
  };
  return json.locate(wanted).map(({ entry }, index) => ({ index, entry }));
}

/** What nobody reads must still be JSON. */
function checkOthers(json: JsonLists, read: readonly ListEntry[]): void {
  let next = 0;
  for (const { entry } of [...read, { entry: json.length }]) {
    for (; next < entry; next++) json.parse(next);
    next = entry + 1;
  }
}

function assertList(name: string, what: string, frame: string, place: number): void {
  if (frame[place] === "[") return;
  const found = frame[place] === "{" ? "an object" : JSON.stringify(frame.slice(place, place + 12));
  throw unusable(name, `${found} for ${what}`, "a list");
}
