import fc from "fast-check";
import { expect, it } from "vitest";
import { editBytes } from "../../../src/formats/text/edit-bytes.ts";
import { editText } from "../../../src/formats/text/edit-text.ts";

it("editBytes replaces stretches as editText does, in any order", () => {
  const text = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";
  const encode = (part: string): Uint8Array => new TextEncoder().encode(part);
  const edits = fc.uniqueArray(fc.nat(40), { maxLength: 8 }).chain((marks) => {
    const sorted = marks.sort((a, b) => a - b);
    const spans = sorted.flatMap((start, i) =>
      i % 2 === 0 && i + 1 < sorted.length ? [{ start, end: sorted[i + 1]!, text: "x".repeat(i) }] : [],
    );
    return fc.shuffledSubarray(spans);
  });
  fc.assert(
    fc.property(edits, (list) => {
      const asBytes = list.map((edit) => ({ ...edit, bytes: encode(edit.text) }));
      expect(new TextDecoder().decode(editBytes(encode(text), asBytes))).toBe(editText(text, list));
    }),
  );
});
