/** What a JSON text's first levels say, for telling formats apart before anything is parsed. */
export type JsonSketch = ReadonlyMap<string, SketchedValue>;

/** The value of a key of the root object. */
export interface SketchedValue {
  /** First character of the value: `{`, `[`, `"`, a digit or a letter. */
  readonly kind: string;
  /** Keys of the object, or of the objects in the list. */
  readonly keys: ReadonlySet<string>;
}

/** Keys that are kept on a level, at most. */
const mostKeys = 64;

const sketched = new WeakMap<Uint8Array, JsonSketch>();

/** Keys of a JSON text's root object, of objects in it, and of objects in lists in it. Broken text gives what is whole. */
export function sketchJson(bytes: Uint8Array): JsonSketch {
  // Every format asks for the same file.
  const known = sketched.get(bytes);
  if (known !== undefined) return known;
  const sketch = new Sketcher(bytes).run();
  sketched.set(bytes, sketch);
  return sketch;
}

const [quote, backslash, colon, brace, bracket] = [0x22, 0x5c, 0x3a, 0x7b, 0x5b];
const byteOrderMark = [0xef, 0xbb, 0xbf];

class Sketcher {
  readonly #bytes: Uint8Array;
  readonly #entries = new Map<string, { kind: string; keys: Set<string> }>();
  /** Brackets that are open, the first three of them. */
  readonly #open: number[] = [];
  #depth = 0;
  #keys: Set<string> | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  run(): JsonSketch {
    const marked = byteOrderMark.every((byte, i) => this.#bytes[i] === byte);
    let at = this.#skipSpace(marked ? 3 : 0);
    if (this.#bytes[at] !== brace) return this.#entries;
    while (at < this.#bytes.length && this.#entries.size < mostKeys) {
      at = this.#step(at);
      if (this.#depth === 0) break;
    }
    return this.#entries;
  }

  /** Goes on behind the next string or bracket; returns where. */
  #step(start: number): number {
    const at = nextMark(this.#bytes, start);
    const byte = this.#bytes[at];
    if (byte === quote) return this.#string(at);
    if (byte === brace || byte === bracket) {
      if (this.#depth < 3) this.#open[this.#depth] = byte;
      this.#depth++;
    } else this.#depth--;
    return at + 1;
  }

  #string(start: number): number {
    const end = this.#endOfString(start);
    const next = this.#skipSpace(end);
    // Only a key is followed by a colon.
    if (this.#depth > 3 || this.#bytes[next] !== colon) return end;
    this.#key(start, end, String.fromCharCode(this.#bytes[this.#skipSpace(next + 1)] ?? 0));
    return next + 1;
  }

  #key(start: number, end: number, kind: string): void {
    if (this.#depth === 1) {
      this.#keys = new Set();
      this.#entries.set(this.#decode(start, end), { kind, keys: this.#keys });
      return;
    }
    const inside = this.#depth === 2 || this.#open[1] === bracket;
    if (inside && this.#keys !== undefined && this.#keys.size < mostKeys)
      this.#keys.add(this.#decode(start, end));
  }

  #decode(start: number, end: number): string {
    const text = new TextDecoder().decode(this.#bytes.subarray(start, end));
    try {
      return String(JSON.parse(text));
    } catch {
      return text;
    }
  }

  #endOfString(start: number): number {
    for (let at = this.#bytes.indexOf(quote, start + 1); at >= 0; at = this.#bytes.indexOf(quote, at + 1)) {
      let escapes = 0;
      while (this.#bytes[at - 1 - escapes] === backslash) escapes++;
      if (escapes % 2 === 0) return at + 1;
    }
    return this.#bytes.length;
  }

  #skipSpace(at: number): number {
    let next = at;
    while (next < this.#bytes.length && this.#bytes[next]! <= 0x20) next++;
    return next;
  }
}

/** 1 for quotes and brackets. */
const marks = new Uint8Array(256);
for (const mark of '"{}[]') marks[mark.charCodeAt(0)] = 1;

/** Where the next of them stands, or the end. */
function nextMark(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && marks[bytes[at]!] === 0) at++;
  return at;
}
