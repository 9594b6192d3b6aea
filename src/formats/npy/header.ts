/** The header of a NumPy array file: magic, version, and a Python dictionary as text. */
import { unusable } from "../unusable.ts";

/** What the header of an array of whole numbers says. */
export interface NpyHeader {
  /** Sides as written: rows first. */
  readonly shape: readonly number[];
  /** Whether columns, not rows, lie together. */
  readonly fortran: boolean;
  readonly type: NpyType;
  /** Where the numbers start. */
  readonly offset: number;
}

/** How a number is stored. */
export interface NpyType {
  /** As written, for example `<u2`. */
  readonly text: string;
  readonly kind: "bool" | "unsigned" | "signed";
  /** Bytes: 1, 2, 4 or 8. */
  readonly size: number;
  readonly littleEndian: boolean;
}

/** The six bytes every file starts with. */
export const npyMagic: Uint8Array = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);

const wholeNumbers = "whole numbers (bool, int8 to int64, uint8 to uint64)";

/**
 * Reads the header.
 *
 * @param bytes - the file, its magic checked by the caller.
 * @throws InputError for a damaged header, an unknown version, pickled objects, records or fractions.
 */
export function readNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const { text, offset } = headerText(bytes, name);
  const entries = parseDictionary(text, name);
  const shape = entries.get("shape");
  const fortran = entries.get("fortran_order");
  if (!Array.isArray(shape) || typeof fortran !== "boolean")
    throw unusable(name, "a NumPy header without shape or order", "descr, fortran_order and shape");
  return { shape, fortran, type: parseType(entries.get("descr"), name), offset };
}

function headerText(bytes: Uint8Array, name: string): { text: string; offset: number } {
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3)
    throw unusable(name, `a NumPy array file of version ${version}`, "version 1 to 3");
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) throw cutShort(name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offset = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (bytes.length < offset) throw cutShort(name);
  // NumPy itself refuses longer ones: they could only hold records.
  if (offset - start > 10_000)
    throw unusable(name, "a NumPy header of more than 10,000 bytes", "a short one");
  return { text: new TextDecoder("latin1").decode(bytes.subarray(start, offset)), offset };
}

function cutShort(name: string): Error {
  return unusable(name, "a NumPy array cut short in its header", "a complete file");
}

type Entry = string | boolean | number[];

/** `{'descr': '<u2', 'fortran_order': False, 'shape': (2, 3), }`: strings, truth values and tuples, no more. */
function parseDictionary(text: string, name: string): Map<string, Entry> {
  const body = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  if (body === undefined) throw damaged(name);
  if (/['"]descr['"]\s*:\s*\[/.test(body)) throw unusable(name, "a NumPy array of records", wholeNumbers);
  const entry = /\s*(['"])(\w+)\1\s*:\s*(?:(['"])([^'"\\]*)\3|(True|False)|\(([\d\s,L]*)\))\s*(,|$)/y;
  const entries = new Map<string, Entry>();
  while (body.slice(entry.lastIndex).trim() !== "") {
    const found = entry.exec(body);
    if (found === null || entries.has(found[2]!)) throw damaged(name);
    entries.set(
      found[2]!,
      found[4] ?? (found[6] === undefined ? found[5] === "True" : sides(found[6], name)),
    );
  }
  return entries;
}

function sides(text: string, name: string): number[] {
  const parts = text.split(",").map((part) => part.trim());
  // A tuple of one has a comma behind it, an empty one nothing at all.
  if (parts.at(-1) === "") parts.pop();
  if (parts.some((part) => !/^\d{1,15}L?$/.test(part))) throw damaged(name);
  return parts.map((part) => Number.parseInt(part, 10));
}

function damaged(name: string): Error {
  return unusable(name, "a damaged NumPy header", "descr, fortran_order and shape");
}

const kinds = { b: "bool", u: "unsigned", i: "signed" } as const;

function parseType(descr: Entry | undefined, name: string): NpyType {
  const text = typeof descr === "string" ? descr : "";
  if (/^[|<>=]?O/.test(text)) throw unusable(name, "pickled Python objects", wholeNumbers);
  const found = /^([|<>=]?)(b1|[ui][1248])$/.exec(text);
  if (found === null) throw unusable(name, `a NumPy array of type "${text.slice(0, 20)}"`, wholeNumbers);
  const size = Number(found[2]![1]);
  if (size > 1 && !/[<>]/.test(found[1]!))
    throw unusable(name, `a NumPy type without byte order, "${text}"`, "< or >");
  return { text, kind: kinds[found[2]![0] as keyof typeof kinds], size, littleEndian: found[1] !== ">" };
}
