import type { TextEdit } from "../text/edit-text.ts";
import type { ListChanges } from "./edit-list.ts";
import type { LocatedValue } from "./locate-values.ts";
import { setValues } from "./set-values.ts";

/**
 * The edits of a text that change an object in it whose keys are numbers: as `editList`, but copies come at the end,
 * each under the next number.
 *
 * @param entries of the object, in the order of the text; at least one
 */
export function editMembers(
  text: string,
  entries: readonly LocatedValue[],
  { replaced, added }: Omit<ListChanges, "removed">,
): TextEdit[] {
  const textOf = (index: number): string => text.slice(entries[index]!.start, entries[index]!.end);
  const changed = replaced.map(({ index, values }) => ({
    start: entries[index]!.start,
    end: entries[index]!.end,
    text: setValues(textOf(index), values),
  }));
  const last = entries.at(-1)!;
  const { space, colon } = settingBefore(
    text.slice(entries.at(-2)?.end ?? Math.max(0, last.start - longest), last.start),
  );
  const next = entries.reduce((most, { path }) => Math.max(most, toNumber(path.at(-1)!)), -1) + 1;
  const copies = added.map(
    ({ copyOf, values }, k) => `,${space}"${next + k}"${colon}${setValues(textOf(copyOf), values)}`,
  );
  return [...changed, { start: last.end, end: last.end, text: copies.join("") }];
}

/** Characters that a key and the white space around it take, at most. */
const longest = 200;

/** How a text sets the key at its end: the white space before it, and what stands between it and its value. */
function settingBefore(text: string): { space: string; colon: string } {
  const [, space = " ", colon = ": "] = /(\s*)"(?:[^"\\]|\\.)*"(\s*:\s*)$/.exec(text) ?? [];
  return { space, colon };
}

function toNumber(key: string | number): number {
  return /^\d{1,9}$/.test(String(key)) ? Number(key) : -1;
}
