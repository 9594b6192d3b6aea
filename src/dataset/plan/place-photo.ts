import { dirname, extname, resolve, sep } from "node:path";
import { type PairingTemplate, type Part, type Pattern, type Segment, startOf } from "./pairing-template.ts";

/** Where a template puts a photo. */
export interface PhotoPlace {
  /** Absolute. */
  readonly folder: string;
  /** File name; without its ending where any will do. */
  readonly name: string;
  readonly anyExtension: boolean;
}

/** What a mask pattern's parts stand for in a path. */
interface Match {
  readonly names: ReadonlyMap<string, string>;
  /** The folders of `{**}`. */
  readonly folders: readonly string[];
  /** Number of segments before those that were matched. */
  readonly before: number;
}

/**
 * Where a template puts the photo of a mask; `undefined` where it does not fit the mask.
 *
 * @param mask absolute path
 * @param root absolute folder of the dataset
 */
export function placePhoto(
  { mask: pattern, photo }: PairingTemplate,
  mask: string,
  root: string,
): PhotoPlace | undefined {
  const path = mask.split(sep);
  const match = matchEnd(pattern, path);
  if (match === undefined) return undefined;
  const start = startOf(photo.segments);
  const filled = fill(start === undefined ? photo.segments : photo.segments.slice(1), match);
  if (filled === undefined) return undefined;
  const base = { root, dir: dirname(mask), undefined: path.slice(0, match.before).join(sep) || sep }[
    `${start}`
  ];
  // An empty first segment is the start of an absolute path.
  const folders = filled.slice(0, -1).map((name, i) => (i === 0 && name === "" ? sep : name));
  return { folder: resolve(base, ...folders), name: filled.at(-1)!, anyExtension: photo.anyExtension };
}

/** Matches the end of a path; where `{**}` could stand for several numbers of folders, the fewest. */
function matchEnd({ segments, anyExtension }: Pattern, path: readonly string[]): Match | undefined {
  const last = path.at(-1)!;
  if (anyExtension && extname(last) === "") return undefined;
  const names = [...path.slice(0, -1), anyExtension ? last.slice(0, -extname(last).length) : last];
  const star = segments.indexOf("**");
  if (star < 0) return matchAt(segments, names, names.length - segments.length, 0);
  for (let count = 0, before = names.length - segments.length + 1; before >= 0; count++, before--) {
    const match = matchAt(segments, names, before, count);
    if (match !== undefined) return match;
  }
  return undefined;
}

/** @param count how many folders `**` stands for */
function matchAt(
  segments: readonly Segment[],
  path: readonly string[],
  before: number,
  count: number,
): Match | undefined {
  if (before < 0) return undefined;
  const names = new Map<string, string>();
  let folders: readonly string[] = [];
  let at = before;
  for (const segment of segments) {
    if (segment === "**") folders = path.slice(at, at + count);
    else if (!matchName(segment, path[at]!.normalize("NFC"), names)) return undefined;
    at += segment === "**" ? count : 1;
  }
  return { names, folders, before };
}

/** Linear: a text between placeholders is taken where it first occurs, the last one at the end. */
function matchName(parts: readonly Part[], name: string, names: Map<string, string>): boolean {
  let at = 0;
  for (const [i, part] of parts.entries()) {
    if (typeof part === "string") {
      if (!name.startsWith(part, at)) return false;
      at += part.length;
    } else {
      const end = endOfPlaceholder(parts, i, name, at);
      if (end <= at) return false;
      names.set(part.name, name.slice(at, end));
      at = end;
    }
  }
  return at === name.length;
}

function endOfPlaceholder(parts: readonly Part[], i: number, name: string, at: number): number {
  const next = parts[i + 1] as string | undefined;
  if (next === undefined) return name.length;
  if (i + 2 === parts.length) return name.endsWith(next) ? name.length - next.length : -1;
  return name.indexOf(next, at + 1);
}

/** The photo's path, name by name; `undefined` where an ending that is to be taken off is not there. */
function fill(segments: readonly Segment[], { names, folders }: Match): string[] | undefined {
  const path: string[] = [];
  for (const segment of segments) {
    if (segment === "**") path.push(...folders);
    else {
      const parts = segment.map((part) => fillPart(part, names));
      if (parts.includes(undefined)) return undefined;
      path.push(parts.join(""));
    }
  }
  return path;
}

function fillPart(part: Part, names: ReadonlyMap<string, string>): string | undefined {
  if (typeof part === "string") return part;
  const text = names.get(part.name)!;
  if (!text.endsWith(part.without) || text.length === part.without.length) return undefined;
  return text.slice(0, text.length - part.without.length);
}
