/** Finding the entries of a JSON text's lists in its bytes, before any of it is a string. */
import { mostLevels } from "./locate-values.ts";

/** Entries in the order of the text. */
export interface Cuts {
  /** Index of each one's first byte. */
  readonly starts: readonly number[];
  /** Index behind its last one. */
  readonly ends: readonly number[];
  /** Index of a bracket that closes another kind, or opens one level too many; nothing behind it is cut. */
  readonly broken: number | undefined;
}

const [ordinary, space, quote, open, close, comma] = [0, 1, 2, 3, 4, 5];
const kinds = new Uint8Array(256).fill(ordinary);
for (const [kind, characters] of [
  [space, " \t\r\n"],
  [quote, '"'],
  [open, "[{"],
  [close, "]}"],
  [comma, ","],
] as const)
  for (const character of characters) kinds[character.charCodeAt(0)] = kind;

const backslash = 0x5c;
const quotation = 0x22;
const bracket = 0x5b;
const brace = 0x7b;

/**
 * The entries of the list that a JSON text is, or of the lists that are values of the object that it is. Only strings
 * and brackets are looked at: whether an entry is JSON remains to be seen, and so does what lies between them.
 *
 * @param start index of the text's first byte, behind a byte order mark
 */
export function cutEntries(bytes: Uint8Array, start: number): Cuts {
  return new Cutter(bytes).run(start);
}

class Cutter {
  readonly #bytes: Uint8Array;
  /** Brackets that are open. */
  readonly #open = new Uint8Array(mostLevels);
  #depth = 0;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #broken: number | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  run(start: number): Cuts {
    const bytes = this.#bytes;
    let at = start;
    while (at < bytes.length && this.#broken === undefined) {
      const kind = kinds[bytes[at]!]!;
      const between = kind === space || kind === comma || kind === close;
      at = this.#isInList() && !between ? this.#cut(at) : this.#step(at, kind);
    }
    return { starts: this.#starts, ends: this.#ends, broken: this.#broken };
  }

  #isInList(): boolean {
    const [outer, inner] = this.#open;
    return (
      (this.#depth === 1 && outer === bracket) || (this.#depth === 2 && outer === brace && inner === bracket)
    );
  }

  /** Passes an entry; returns where it is followed by a comma or the list's end. */
  #cut(start: number): number {
    const bytes = this.#bytes;
    const level = this.#depth;
    let [at, end] = [start, start];
    while (at < bytes.length && this.#broken === undefined) {
      const kind = kinds[bytes[at]!]!;
      if (this.#depth === level && (kind === comma || kind === close)) break;
      at = this.#step(at, kind);
      if (kind !== space) end = at;
    }
    this.#starts.push(start);
    this.#ends.push(end);
    return at;
  }

  /** Passes a string, or one other byte. */
  #step(at: number, kind: number): number {
    if (kind === quote) return this.#passString(at + 1);
    if (kind === open) this.#push(at);
    else if (kind === close) this.#pop(at);
    return at + 1;
  }

  #push(at: number): void {
    if (this.#depth === mostLevels) this.#broken = at;
    else this.#open[this.#depth++] = this.#bytes[at]!;
  }

  #pop(at: number): void {
    // Closing brackets come two characters behind those that they close.
    if (this.#depth === 0 || this.#open[this.#depth - 1]! + 2 !== this.#bytes[at]) this.#broken = at;
    else this.#depth--;
  }

  #passString(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    while (at < bytes.length && bytes[at] !== quotation) at += bytes[at] === backslash ? 2 : 1;
    return Math.min(at + 1, bytes.length);
  }
}
