import { visit } from "jsonc-parser";
import { describePlace, JsonProblem } from "./json-problem.ts";

/** Keys and indices from the top of a JSON text down to a value. */
export type JSONPath = readonly (string | number)[];

/** A value in a JSON text. */
export interface LocatedValue {
  readonly path: JSONPath;
  /** Index of the value's first character. */
  readonly start: number;
  /** Index behind its last one. */
  readonly end: number;
}

/** More levels than any annotation has, and few enough for the parser's call stack. */
export const mostLevels = 500;

const BYTE_ORDER_MARK = "\uFEFF";

/**
 * Where the wanted values of a JSON text stand, in the order of the text. Nothing is built from the rest, but all of
 * it is checked. Where a key comes twice in an object, the last one counts, as for `JSON.parse`.
 *
 * @param text strict JSON, with or without a byte order mark
 * @param wanted asked, with the index of its first character, for every value that is not inside a wanted one
 * @param deepest keys and indices of the longest path that may be wanted; longer ones are not asked about
 * @throws {SyntaxError} a phrase that says what stands where in place of JSON
 */
export function locateValues(
  text: string,
  wanted: (path: JSONPath, start: number) => boolean,
  deepest: number = Infinity,
): LocatedValue[] {
  const skipped = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  const locator = new Locator(text, skipped, wanted, deepest);
  visit(
    text.slice(skipped),
    {
      onObjectBegin: (offset, _length, _line, _column, path) => locator.open(offset, path, new Map()),
      onObjectProperty: (key, offset) => locator.property(key, offset),
      onObjectEnd: (offset) => locator.close(offset + 1),
      onArrayBegin: (offset, _length, _line, _column, path) => locator.open(offset, path),
      onArrayEnd: (offset) => locator.close(offset + 1),
      onLiteralValue: (_value, offset, length, _line, _column, path) => locator.literal(offset, length, path),
      onError: (_code, offset, _length, line, column) => locator.refuse(offset, line, column),
    },
    { disallowComments: true },
  );
  return locator.found;
}

/** An object or array that is not closed yet. */
interface Level {
  /** Values found before it. */
  readonly before: number;
  /** Set where it is an object: position of each key, the last where there are several. */
  readonly keys: Map<string, number> | undefined;
  repeated: boolean;
}

class Locator {
  found: LocatedValue[] = [];
  readonly #text: string;
  /** Characters before the text that the offsets count from. */
  readonly #skipped: number;
  readonly #wanted: (path: JSONPath, start: number) => boolean;
  readonly #levels: Level[] = [];
  readonly #deepest: number;
  /** Levels opened since, and with, the value that is being passed. */
  #inside = 0;
  /** Of that value where it is wanted. */
  #wantedPath: JSONPath | undefined;
  #wantedStart = 0;

  constructor(
    text: string,
    skipped: number,
    wanted: (path: JSONPath, start: number) => boolean,
    deepest: number,
  ) {
    this.#deepest = deepest;
    this.#text = text;
    this.#skipped = skipped;
    this.#wanted = wanted;
  }

  open(offset: number, path: () => JSONPath, keys?: Map<string, number>): void {
    if (this.#levels.length + this.#inside >= mostLevels) {
      throw new SyntaxError(`more than ${mostLevels} levels of brackets`);
    }
    if (this.#inside > 0) {
      this.#inside++;
      return;
    }
    if (this.#isTooDeep()) {
      this.#inside = 1;
      this.#wantedPath = undefined;
      return;
    }
    const here = path();
    if (this.#wanted(here, offset + this.#skipped)) {
      this.#inside = 1;
      this.#wantedPath = here;
      this.#wantedStart = offset;
    } else {
      this.#levels.push({ before: this.found.length, keys, repeated: false });
    }
  }

  property(key: string, offset: number): void {
    if (this.#inside > 0) return;
    const level = this.#levels.at(-1)!;
    if (level.keys!.has(key)) level.repeated = true;
    level.keys!.set(key, offset);
  }

  close(end: number): void {
    if (this.#inside === 0) {
      this.#dropRepeated(this.#levels.pop()!);
      return;
    }
    this.#inside--;
    if (this.#inside === 0 && this.#wantedPath !== undefined)
      this.#add(this.#wantedPath, this.#wantedStart, end);
  }

  /** A value's path has a key or an index for each level that is open. */
  #isTooDeep(): boolean {
    return this.#levels.length > this.#deepest;
  }

  literal(offset: number, length: number, path: () => JSONPath): void {
    if (this.#inside > 0 || this.#isTooDeep()) return;
    const here = path();
    if (this.#wanted(here, offset + this.#skipped)) this.#add(here, offset, offset + length);
  }

  refuse(offset: number, line: number, column: number): never {
    const rest = this.#text.slice(this.#skipped + offset);
    throw new JsonProblem(describePlace(rest, line, column), this.#skipped + offset);
  }

  #add(path: JSONPath, start: number, end: number): void {
    this.found.push({ path, start: start + this.#skipped, end: end + this.#skipped });
  }

  /** Forgets what was found under keys that came again later. */
  #dropRepeated({ before, keys, repeated }: Level): void {
    if (keys === undefined || !repeated) return;
    const depth = this.#levels.length;
    const counts = ({ path, start }: LocatedValue) => start - this.#skipped > keys.get(String(path[depth]))!;
    this.found = [...this.found.slice(0, before), ...this.found.slice(before).filter(counts)];
  }
}
