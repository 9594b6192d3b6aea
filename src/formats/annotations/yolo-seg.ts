/**
 * YOLO segmentation labels: a line for each part, `class x y x y …`, coordinates as shares of the photo's sides.
 * Lines of five numbers are boxes. The format knows no photo size, no holes and no parts of one object.
 */
import { decodeRuns } from "../../core/run-length.ts";
import { rasterizePolygons } from "../geometry/rasterize-polygon.ts";
import { decodeText } from "../text/decode-text.ts";
import { editText, type TextEdit } from "../text/edit-text.ts";
import { parseDecimal } from "../text/parse-decimal.ts";
import { unusable } from "../unusable.ts";
import { acceptChanges } from "./accept-changes.ts";
import type { AnnotatedRegion, AnnotationFile, AnnotationFormat, Size } from "./annotation-file.ts";
import { checkPoints } from "./check-points.ts";
import { type Remark, Remarks } from "./remarks.ts";
import { traceParts } from "./trace-parts.ts";

/** YOLO's label files. */
export const yoloSeg: AnnotationFormat = { name: "yolo-seg", detect, read };

/** One line that is not blank. */
interface Line {
  /** What comes before and between its words does not matter; where the words lie does. */
  readonly words: readonly Word[];
  /** Counted from 1, as editors do. */
  readonly number: number;
  /** Behind the line, before its line break. */
  readonly end: number;
}

interface Word {
  readonly text: string;
  readonly start: number;
}

/** Bytes that tell whether a text file is this one. */
const head = 65_536;

function detect(name: string, bytes: Uint8Array): boolean {
  if (!name.toLowerCase().endsWith(".txt")) return false;
  const text = new TextDecoder().decode(bytes.subarray(0, head));
  const lines = bytes.length > head ? splitCutLines(text) : splitLines(text);
  // Tables of whole numbers are something else.
  return lines.length > 0 && lines.every(looksLikeLabel) && text.includes(".");
}

/** Lines of a text that ends anywhere: the last word may be cut in half, the last line short. */
function splitCutLines(text: string): Line[] {
  const lines = splitLines(text.slice(0, Math.max(0, text.search(/\s\S*$/))));
  return lines.length > 1 ? lines.slice(0, -1) : lines;
}

/** The number of a class and at least a box; a point may lie a little outside. */
function looksLikeLabel({ words }: Line): boolean {
  if (words.length < 5 || !isClass(words[0]!.text)) return false;
  return words.slice(1).every(({ text }) => Math.abs(parseDecimal(text) - 0.5) <= 1);
}

function isClass(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}

function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  let number = 0;
  for (const { 0: content, index } of text.matchAll(/[^\r\n]+|\r\n|\r|\n/g)) {
    if (/[\r\n]/.test(content)) {
      number++;
      continue;
    }
    const words = Array.from(content.matchAll(/\S+/g), (word) => ({
      text: word[0],
      start: index + word.index,
    }));
    if (words.length > 0) lines.push({ words, number: number + 1, end: index + content.length });
  }
  return lines;
}

function read(name: string, bytes: Uint8Array): AnnotationFile {
  const text = decodeText(name, bytes);
  const lines = splitLines(text);
  const regions = lines.map((line, order) => toRegion(name, line, order));
  const photos = [{ id: "photo", link: undefined, size: undefined, regions }];
  return {
    name,
    format: yoloSeg.name,
    photos,
    notes: [],
    write(changes, options = {}) {
      const accepted = acceptChanges(photos, changes);
      if (accepted.size === 0) return { bytes, notes: [] };
      const remarks = new Remarks();
      const lineBreak = /\r\n|\r|\n/.exec(text)?.[0] ?? "\n";
      const edits = lines.flatMap((line) => {
        const mask = accepted.get(idOf(line));
        if (mask === undefined) return [];
        const where = `line ${line.number}`;
        const parts = traceParts(where, mask, options, remarks);
        if (parts.length > 1) remarks.add(linesApart, `${where} (${parts.length})`);
        if (options.geometry === "mask") remarks.add(outlinesOnly, where);
        return rewriteLine(line, parts, mask, lineBreak);
      });
      return { bytes: new TextEncoder().encode(editText(text, edits)), notes: remarks.sentences(name) };
    },
  };
}

function idOf({ number }: Line): string {
  return `lines/${number}`;
}

function toRegion(name: string, line: Line, order: number): AnnotatedRegion {
  const where = `${name}, line ${line.number}`;
  const label = line.words[0]!.text;
  if (!isClass(label)) {
    throw unusable(where, `${JSON.stringify(label.slice(0, 40))} at its start`, "the number of a class");
  }
  const box = line.words.length === 5 ? { skip: "a box, not an outline" } : {};
  return {
    id: idOf(line),
    label,
    order,
    ...box,
    mask: (size) => decodeRuns(rasterizePolygons([readPolygon(where, line, size)], size)),
  };
}

function readPolygon(where: string, { words }: Line, size: Size): number[] {
  if (words.length === 5) throw unusable(where, "a box", "an outline");
  const scaled = words.slice(1).map(({ text }, i) => {
    const share = parseDecimal(text);
    // What is no number is named as it stands there.
    return Number.isNaN(share) ? text.slice(0, 40) : share * (i % 2 === 0 ? size.width : size.height);
  });
  return checkPoints(where, scaled);
}

const linesApart: Remark = (lines) => `parts are a line each, for YOLO joins none: ${lines}`;
const outlinesOnly: Remark = (lines) => `outlines stay outlines, for YOLO has no masks: ${lines}`;

/** The line with the first part, and a new line behind it for each other one. */
function rewriteLine(
  { words, end }: Line,
  parts: readonly number[][],
  size: Size,
  lineBreak: string,
): TextEdit[] {
  const style = numberStyle(words.slice(1), size);
  const texts = parts.map((part) => part.map((value, i) => style(value / side(i, size))).join(" "));
  const last = words.at(-1)!;
  const added = texts.slice(1).map((text) => `${lineBreak}${words[0]!.text} ${text}`);
  const first =
    words.length === 1
      ? { start: last.start + last.text.length, end: last.start + last.text.length, text: ` ${texts[0]}` }
      : { start: words[1]!.start, end: last.start + last.text.length, text: texts[0]! };
  return [first, { start: end, end, text: added.join("") }];
}

function side(i: number, { width, height }: Size): number {
  return i % 2 === 0 ? width : height;
}

/** Digits as on the line where all numbers have as many, else 6 or more; more where a tenth of a pixel needs them. */
function numberStyle(words: readonly Word[], size: Size): (value: number) => string {
  const counts = words.map(({ text }) => /^[+-]?\d*\.(\d+)$/.exec(text)?.[1]?.length ?? 0);
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const padded = counts.every((count) => count === most);
  const usual = padded && most > 0 ? most : Math.max(6, most);
  const needed = Math.ceil(Math.log10(10 * Math.max(size.width, size.height)));
  const digits = Math.max(Math.min(usual, 17), needed);
  return (value) => (padded ? value.toFixed(digits) : String(Number(value.toFixed(digits))));
}
