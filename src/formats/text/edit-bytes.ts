/** A stretch of bytes and what takes its place. */
export interface ByteEdit {
  readonly start: number;
  /** Behind the stretch. */
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** The bytes with edits, given in any order. They must not overlap. */
export function editBytes(bytes: Uint8Array, edits: readonly ByteEdit[]): Uint8Array {
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  const growth = sorted.reduce((sum, edit) => sum + edit.bytes.length - (edit.end - edit.start), 0);
  const edited = new Uint8Array(bytes.length + growth);
  let [from, to] = [0, 0];
  for (const edit of sorted) {
    const kept = bytes.subarray(from, edit.start);
    edited.set(kept, to);
    edited.set(edit.bytes, to + kept.length);
    to += kept.length + edit.bytes.length;
    from = edit.end;
  }
  edited.set(bytes.subarray(from), to);
  return edited;
}
