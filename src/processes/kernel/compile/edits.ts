/** Replaces what lies from `start` to `end` (exclusive). */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits that do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const lastFirst = [...edits].sort((a, b) => b.start - a.start);
  return lastFirst.reduce(
    (result, { start, end, text }) => result.slice(0, start) + text + result.slice(end),
    text,
  );
}

/** Adds the line breaks that `text` has fewer than `original`, so that what follows stays on its line. */
export function padLines(text: string, original: string): string {
  const missing = original.split("\n").length - text.split("\n").length;
  return text + "\n".repeat(Math.max(0, missing));
}
