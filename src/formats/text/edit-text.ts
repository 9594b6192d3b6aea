/** A stretch of text and what takes its place. Offsets count UTF-16 units, as strings do. */
export interface TextEdit {
  readonly start: number;
  /** Behind the stretch; the same as `start` to insert. */
  readonly end: number;
  readonly text: string;
}

/** The text with edits, given in any order; insertions at one place keep theirs. The edits must not overlap. */
export function editText(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return parts.join("") + text.slice(at);
}
