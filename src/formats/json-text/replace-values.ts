/** New text for a part of a text. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The text with parts of it replaced, everything else as it was.
 *
 * @throws {RangeError} for parts that overlap or lie outside the text
 */
export function replaceValues(text: string, edits: Iterable<TextEdit>): string {
  const pieces: string[] = [];
  let position = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    if (!(edit.start >= position && edit.end >= edit.start && edit.end <= text.length)) {
      throw new RangeError(
        `An edit from ${edit.start} to ${edit.end}: expected one after ${position} in the text`,
      );
    }
    pieces.push(text.slice(position, edit.start), edit.text);
    position = edit.end;
  }
  pieces.push(text.slice(position));
  return pieces.join("");
}
