/** A JSON file whose bulk lies in lists: it may be larger than a string can be, for only its entries become strings. */
import type { InputError } from "../../core/errors.ts";
import { decodeText } from "../text/decode-text.ts";
import { unusable } from "../unusable.ts";
import { type Cuts, cutEntries } from "./cut-entries.ts";
import { describePlace, JsonProblem } from "./json-problem.ts";
import { type JSONPath, locateValues, mostLevels } from "./locate-values.ts";

/** What stands for an entry in the frame: any value will do. */
const placeholder = "0".charCodeAt(0);

const byteOrderMark = [0xef, 0xbb, 0xbf];

/** An entry of one of the lists. */
export interface ListEntry {
  readonly path: JSONPath;
  /** Its number among all entries of the file. */
  readonly entry: number;
}

/** The bytes of a JSON text, its lists and their entries. */
export class JsonLists {
  /** The text with a number in place of each entry. */
  readonly frame: string;
  readonly #name: string;
  readonly #bytes: Uint8Array;
  readonly #cuts: Cuts;
  /** Where each placeholder stands in the frame. */
  readonly #places: Uint32Array;
  /** Index of the text's first byte. */
  readonly #first: number;

  /**
   * @param name what messages call the file
   * @param bytes strict JSON in UTF-8, with or without a byte order mark; not copied
   * @throws {InputError} for brackets that do not match, bytes that are no UTF-8, and more than a string holds outside
   *   of the entries
   */
  constructor(name: string, bytes: Uint8Array) {
    this.#name = name;
    this.#bytes = bytes;
    this.#first = byteOrderMark.every((byte, i) => byte === bytes[i]) ? byteOrderMark.length : 0;
    this.#cuts = cutEntries(bytes, this.#first);
    this.#checkBrackets();
    this.#places = new Uint32Array(this.#cuts.starts.length);
    this.frame = this.#buildFrame();
  }

  /** Number of entries. */
  get length(): number {
    return this.#places.length;
  }

  /** Index of an entry's first byte. */
  start(entry: number): number {
    return this.#cuts.starts[entry]!;
  }

  /** Index behind an entry's last byte. */
  end(entry: number): number {
    return this.#cuts.ends[entry]!;
  }

  /**
   * The entries whose paths are wanted, in the order of the file; of a key that comes twice those of the last one.
   *
   * @param wanted asked, with its place in the frame, for every value outside of entries, and for every entry
   * @throws {InputError} where the frame is no JSON
   */
  locate(wanted: (path: JSONPath, place: number) => boolean): ListEntry[] {
    let entry = 0;
    const found = this.#describing(this.#toByte, () => locateValues(this.frame, wanted));
    return found.map(({ path, start }) => {
      while (this.#places[entry]! < start) entry++;
      return { path, entry };
    });
  }

  /**
   * The text of an entry.
   *
   * @throws {InputError} for bytes that are no UTF-8, and more of them than a string holds
   */
  text(entry: number): string {
    return decodeText(this.#name, this.#bytes.subarray(this.start(entry), this.end(entry)));
  }

  /**
   * The value of an entry.
   *
   * @throws {InputError} where it is no JSON
   */
  parse(entry: number): unknown {
    const text = this.text(entry);
    try {
      return JSON.parse(text);
    } catch (cause) {
      const toByte = (offset: number): number => this.#advance(this.start(entry), offset);
      this.#describing(toByte, () => locateValues(text, () => false, 0));
      throw unusable(this.#name, "broken JSON", "JSON", cause);
    }
  }

  /**
   * The value of the whole text.
   *
   * @throws {InputError} where it is no JSON
   */
  value(): unknown {
    let next = 0;
    const isEntry = (_path: JSONPath, place: number): boolean => {
      while (this.#places[next]! < place) next++;
      return this.#places[next] === place;
    };
    const entries = this.locate(isEntry);
    const value = JSON.parse(this.frame);
    for (const { path, entry } of entries) {
      const list = path.length === 1 ? value : value[path[0]!];
      list[path.at(-1)!] = this.parse(entry);
    }
    return value;
  }

  #buildFrame(): string {
    const { starts, ends } = this.#cuts;
    const inside = starts.reduce((sum, start, k) => sum + ends[k]! - start, 0);
    const frame = new Uint8Array(this.#bytes.length - this.#first - inside + starts.length);
    let [at, units, from] = [0, 0, this.#first];
    for (let k = 0; k <= starts.length; k++) {
      const between = this.#bytes.subarray(from, starts[k]);
      frame.set(between, at);
      at += between.length;
      if (k === starts.length) break;
      units += countUnits(between);
      this.#places[k] = units++;
      frame[at++] = placeholder;
      from = ends[k]!;
    }
    return decodeText(this.#name, frame);
  }

  #checkBrackets(): void {
    const { broken } = this.#cuts;
    if (broken === undefined) return;
    const tooDeep = "[{".includes(String.fromCharCode(this.#bytes[broken]!));
    if (!tooDeep) throw this.#problemAt(broken);
    throw unusable(this.#name, `more than ${mostLevels} levels of brackets`, "JSON");
  }

  /** @param toByte from an index of the text to one of the file */
  #describing<T>(toByte: (offset: number) => number, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof JsonProblem) throw this.#problemAt(toByte(error.offset), error);
      if (error instanceof SyntaxError) throw unusable(this.#name, error.message, "JSON", error);
      throw error;
    }
  }

  #problemAt(byte: number, cause?: JsonProblem): InputError {
    let [line, lineStart] = [0, this.#first];
    for (let i = this.#first; i < byte; i++) {
      const isBreak = this.#bytes[i] === 0x0a || (this.#bytes[i] === 0x0d && this.#bytes[i + 1] !== 0x0a);
      if (!isBreak) continue;
      line++;
      lineStart = i + 1;
    }
    const rest = new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.#bytes.subarray(byte, byte + 48));
    const column = countUnits(this.#bytes.subarray(lineStart, byte));
    return unusable(this.#name, describePlace(rest, line, column), "JSON", cause);
  }

  /** The byte of a place in the frame. */
  readonly #toByte = (place: number): number => {
    let before = 0;
    for (let high = this.length; before < high; ) {
      const middle = (before + high) >> 1;
      if (this.#places[middle]! < place) before = middle + 1;
      else high = middle;
    }
    if (this.#places[before] === place) return this.start(before);
    if (before === 0) return this.#advance(this.#first, place);
    return this.#advance(this.end(before - 1), place - this.#places[before - 1]! - 1);
  };

  /** The byte so many UTF-16 units further on. */
  #advance(start: number, units: number): number {
    let at = start;
    for (let passed = 0; passed < units && at < this.#bytes.length; ) {
      const byte = this.#bytes[at]!;
      at += byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
      passed += byte < 0xf0 ? 1 : 2;
    }
    return at;
  }
}

/** UTF-16 units of UTF-8: every byte that begins a character is one, four-byte characters are two. */
function countUnits(bytes: Uint8Array): number {
  let units = 0;
  for (const byte of bytes) units += (byte & 0xc0) === 0x80 ? 0 : byte < 0xf0 ? 1 : 2;
  return units;
}
