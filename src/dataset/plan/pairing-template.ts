/**
 * Pairing templates: where the photo of a mask lies, as one line of text, `mask pattern -> photo pattern`.
 *
 * The mask pattern is compared with the end of the mask's path, folder by folder; what it matches is replaced by the
 * photo pattern. `{name}` stands for one or more characters of a file or folder name, `{**}` for any number of
 * folders, `.{ext}` at the end for an ending: the mask's on the left, any of a photo on the right. On the right
 * `{name:-_mask}` is the name without that ending; where it does not end so, the template does not fit. `..` goes a
 * folder up; `{root}` and `{dir}` at the start are the folder of the dataset and that of the mask. A template
 * without `->` is a photo pattern that knows the mask's `{stem}`, its name without ending.
 */
import { OptionError } from "../../core/errors.ts";

/** A template as it was understood. */
export interface PairingTemplate {
  /** As written. */
  readonly text: string;
  readonly mask: Pattern;
  readonly photo: Pattern;
}

/** One side of a template. */
export interface Pattern {
  readonly segments: readonly Segment[];
  /** Whether it ended in `.{ext}`, which is no part of its last segment. */
  readonly anyExtension: boolean;
}

/** A folder or file name, or any number of folders. */
export type Segment = readonly Part[] | "**";

/** Letters as they stand, or what a name stands for, less an ending. */
export type Part = string | { readonly name: string; readonly without: string };

/**
 * Reads a template.
 *
 * @throws {OptionError} one sentence that shows the template and what is wrong with it
 */
export function parsePairingTemplate(text: string): PairingTemplate {
  const [left, right] = splitAtArrow(text);
  const mask = parsePattern(left, text);
  const photo = parsePattern(right, text);
  checkMask(mask, text);
  checkPhoto(photo, mask, text);
  return { text, mask, photo };
}

/** The arrow stands outside of braces: `{stem:->}` has none. */
function splitAtArrow(text: string): [mask: string, photo: string] {
  const arrows = [...text.matchAll(/\{[^{}]*\}|->/g)].filter(([found]) => found === "->");
  if (arrows.length > 1) throw wrong(text, "more than one arrow");
  const at = arrows[0]?.index;
  return at === undefined ? ["{stem}.{ext}", text] : [text.slice(0, at), text.slice(at + 2)];
}

function wrong(text: string, what: string): OptionError {
  return new OptionError(
    `The pairing template "${text}" has ${what}: expected for example "masks/{name}_mask.png -> images/{name}.{ext}"`,
  );
}

const closing = ".{ext}";

function parsePattern(side: string, text: string): Pattern {
  const written = side.trim().replaceAll("\\", "/");
  const anyExtension = written.endsWith(closing);
  const plain = anyExtension ? written.slice(0, -closing.length) : written;
  const segments = plain.split("/").map((segment, i) => parseSegment(segment, i === 0, text));
  if (segments.at(-1)!.length === 0 || segments.at(-1) === "**") throw wrong(text, "no file name on a side");
  return { segments, anyExtension };
}

function parseSegment(segment: string, first: boolean, text: string): Segment {
  if (segment === "{**}") return "**";
  // An absolute photo pattern starts with an empty segment.
  if (segment === "" && !first) throw wrong(text, "an empty folder name");
  const pieces = segment.match(/\{[^{}]*\}|[^{}]+|[{}]/g) ?? [];
  return pieces.map((piece) => parsePart(piece, text));
}

function parsePart(piece: string, text: string): Part {
  if (!/[{}]/.test(piece)) return piece.normalize("NFC");
  const found = /^\{([A-Za-z]\w*)(?::-(.+))?\}$/s.exec(piece);
  if (found === null) throw wrong(text, `the placeholder "${piece}"`);
  if (found[1] === "ext") throw wrong(text, "{ext} elsewhere than after the last dot");
  return { name: found[1]!, without: (found[2] ?? "").normalize("NFC") };
}

function checkMask({ segments }: Pattern, text: string): void {
  const parts = placeholdersOf(segments);
  const names = parts.map((part) => part.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw wrong(text, `{${twice}} twice before its arrow`);
  if (parts.some((part) => part.without !== "")) throw wrong(text, "an ending taken off before its arrow");
  if (names.some(isStart)) throw wrong(text, "{root} or {dir} before its arrow");
  if (segments.filter((segment) => segment === "**").length > 1)
    throw wrong(text, "{**} twice before its arrow");
  for (const segment of segments) {
    if (segment !== "**") checkMaskName(segment, text);
  }
}

function checkMaskName(segment: readonly Part[], text: string): void {
  const dots = segment.length === 1 && (segment[0] === "." || segment[0] === "..");
  if (segment.length === 0 || dots) throw wrong(text, "a folder before its arrow that no mask lies in");
  // Two placeholders without a letter between them: nothing says where one ends.
  if (segment.some((part, i) => typeof part === "object" && typeof segment[i + 1] === "object"))
    throw wrong(text, "two placeholders with nothing between them before its arrow");
}

function checkPhoto({ segments }: Pattern, mask: Pattern, text: string): void {
  if (segments.includes("**") && !mask.segments.includes("**"))
    throw wrong(text, "a {**} that stands for no folders of the mask");
  const known = new Set(placeholdersOf(mask.segments).map((part) => part.name));
  for (const { name } of placeholdersOf(segments)) {
    if (isStart(name)) checkStart(name, segments, text);
    else if (!known.has(name)) throw wrong(text, `{${name}}, which the mask pattern does not name`);
  }
}

function checkStart(name: string, segments: readonly Segment[], text: string): void {
  const places = placeholdersOf(segments).filter((part) => isStart(part.name));
  if (places.length > 1 || segments.length === 1 || segments[0]!.length > 1 || startOf(segments) !== name)
    throw wrong(text, `{${name}} elsewhere than as the first folder`);
}

/** Whether a placeholder is a folder that every template knows. */
function isStart(name: string): boolean {
  return name === "root" || name === "dir";
}

/** The folder a photo pattern starts from, where it names one. */
export function startOf(segments: readonly Segment[]): "root" | "dir" | undefined {
  const [first] = segments;
  if (first === undefined || first === "**") return undefined;
  const [part] = first;
  return typeof part === "object" && isStart(part.name) ? (part.name as "root" | "dir") : undefined;
}

function placeholdersOf(segments: readonly Segment[]): { name: string; without: string }[] {
  const parts = segments.flatMap((segment): readonly Part[] => (segment === "**" ? [] : segment));
  return parts.filter((part) => typeof part === "object");
}
