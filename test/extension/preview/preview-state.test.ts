import fc from "fast-check";
import { expect, test } from "vitest";
import { freshState, readState } from "../../../src/extension/preview/preview-state.ts";

const state = freshState({ sources: ["/d/a.png"] }, { preset: "fast", settings: { omega: 3 }, mode: "auto" });

test("a kept state is read as it was", () => {
  expect(readState(JSON.parse(JSON.stringify(state)))).toEqual(state);
});

test.each([
  undefined,
  null,
  "state",
  {},
  { ...state, source: { sources: [] } },
  { ...state, source: { sources: [3] } },
  { ...state, method: { preset: "fast" } },
])("%o is none", (kept) => {
  expect(readState(kept)).toBeUndefined();
});

test("never throws", () => {
  fc.assert(
    fc.property(fc.anything(), (kept) => {
      const read = readState(kept);
      expect(read === undefined || read.source.sources.length > 0).toBe(true);
    }),
  );
});
