/** Answers without the places in what was added behind cells. */
import type ts from "typescript";

/** Length of a cell as it is written; `undefined` for other files. */
export type LengthOf = (file: string) => number | undefined;

interface Placed {
  readonly fileName?: string;
  readonly textSpan?: ts.TextSpan;
  readonly span?: ts.TextSpan;
  readonly spans?: readonly ts.TextSpan[];
  readonly start?: number;
}

/**
 * An answer without what lies behind the end of cells, at any depth.
 *
 * @param file which the answer is about where it names none
 */
export function clip<T>(value: T, file: string, lengthOf: LengthOf): T {
  if (Array.isArray(value)) {
    const kept = value.filter((item) => !isBehind(item, file, lengthOf));
    return kept.map((item) => clip(item, file, lengthOf)) as T;
  }
  if (typeof value !== "object" || value === null) return value;
  const { fileName = file } = value as Placed;
  const entries = Object.entries(value).map(([name, part]) => [name, clip(part, fileName, lengthOf)]);
  return Object.fromEntries(entries) as T;
}

/** Whether a place, or any of its places, lies behind the end of its cell. */
function isBehind(item: unknown, file: string, lengthOf: LengthOf): boolean {
  if (typeof item !== "object" || item === null) return false;
  const { fileName = file, textSpan, span, spans = [], start } = item as Placed;
  const length = lengthOf(fileName);
  if (length === undefined) return false;
  const starts = [textSpan?.start, span?.start, start, ...spans.map((part) => part.start)];
  return starts.some((place) => place !== undefined && place > length);
}
