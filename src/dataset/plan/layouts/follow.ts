/** Keeping a file in agreement with another that shows the same regions. */
import { InputError } from "../../../core/errors.ts";
import type { LabelMap } from "../../../core/mask.ts";
import { type PictureValues, readPictureValues } from "../../../formats/mod.ts";
import { readSource } from "../../read-source.ts";
import type { SiblingDraft } from "../plan-draft.ts";
import { type FollowRule, followRule } from "./follow-rules.ts";

/** Names of the two files, for messages. */
interface Names {
  readonly target: string;
  readonly sibling: string;
}

/**
 * A sibling that learns what it shows for each id from the files as they are, and goes on like that.
 *
 * @param target absolute path of the file that is refined
 * @param path absolute path of the sibling
 * @param rule its name, see {@link followRule}
 */
export function followingSibling(
  target: string,
  path: string,
  rule: string,
  show: (path: string) => string,
): SiblingDraft {
  return {
    path,
    rule,
    follow: async (before, after, original) => {
      const bytes = original ?? (await readSource(path, "mask")).bytes;
      const names = { target: show(target), sibling: show(path) };
      const picture = await readPictureValues(bytes, { name: names.sibling });
      return followChanges(picture, before, after, followRule(rule), names);
    },
  };
}

/**
 * A sibling after its target went from `before` to `after`, both as the target's pixels are stored.
 *
 * @throws {InputError} when the files are of different sizes or do not agree, or an id is new to both
 */
export function followChanges(
  picture: PictureValues,
  before: LabelMap,
  after: LabelMap,
  rule: FollowRule,
  names: Names,
): Uint8Array {
  checkSize(picture, before, names);
  const { keyOf = (id: number) => id } = rule;
  const known = learn(picture, before, keyOf, rule.fixed, names);
  const writtenFor = (id: number): number => {
    const key = keyOf(id);
    const value = rule.fixed?.(key) ?? known.get(key) ?? rule.usual?.(key, picture.colours);
    if (value !== undefined) return value;
    throw new InputError(
      `${names.sibling}: found no pixel of id ${id} in ${names.target} to learn its value from, expected one`,
    );
  };
  const changed: number[] = [];
  for (let i = 0; i < after.data.length; i++) {
    if (after.data[i] !== before.data[i] && picture.values[i] !== writtenFor(after.data[i]!)) changed.push(i);
  }
  return picture.write(changed, (i) => writtenFor(after.data[i]!));
}

function checkSize(picture: PictureValues, { width, height }: LabelMap, { target, sibling }: Names): void {
  if (picture.width === width && picture.height === height) return;
  throw new InputError(
    `${sibling} is ${picture.width}×${picture.height} pixels, but ${target}, which it belongs to, is ${width}×${height}: expected the same size`,
  );
}

/** The sibling's value for each key that occurs. */
function learn(
  { values, colours }: PictureValues,
  { data, width }: LabelMap,
  keyOf: (id: number) => number,
  fixed: ((key: number) => number) | undefined,
  { target, sibling }: Names,
): Map<number, number> {
  const known = new Map<number, number>();
  for (let i = 0, id = -1, value = -1; i < data.length; i++) {
    // Masks are areas: most pixels say what their neighbour said.
    if (data[i] === id && values[i] === value) continue;
    id = data[i]!;
    value = values[i]!;
    const key = keyOf(id);
    const expected = fixed?.(key) ?? known.get(key) ?? value;
    known.set(key, expected);
    if (value === expected) continue;
    const place = `(${i % width}, ${Math.floor(i / width)})`;
    throw new InputError(
      `${sibling}: found ${written(value, colours)} at ${place}, where ${target} has ${id}, expected ${written(expected, colours)}: the files do not agree`,
    );
  }
  return known;
}

function written(value: number, colour: boolean): string {
  if (!colour) return String(value);
  return `the colour ${(value >>> 16) & 255},${(value >>> 8) & 255},${value & 255}`;
}
