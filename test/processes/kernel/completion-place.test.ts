import { expect, test } from "vitest";
import { completionPlace } from "../../../src/processes/kernel/completion-place.ts";

test.each([
  ["result.", "result"],
  ["await result.comp", "result"],
  ["x = result.masks[0]!.", "result.masks[0]"],
  ["result?.masks?.[0]?.na", "result?.masks?.[0]"],
  ["f(a, b.c.", "b.c"],
])("%s", (before, of) => {
  expect(completionPlace(before, "")).toEqual({ kind: "member", of });
});

test("what would have to be called is not looked into", () => {
  expect(completionPlace("refine().", "")).toBeUndefined();
  expect(completionPlace("a[i()].", "")).toBeUndefined();
  expect(completionPlace("1.", "")).toBeUndefined();
});

test("names, and the SDK's names in its import", () => {
  expect(completionPlace("await ref", "")).toEqual({ kind: "name" });
  expect(completionPlace("import { re", ' } from "samrefiner";')).toEqual({ kind: "import" });
  expect(completionPlace("import { re", ' } from "node:fs";')).toBeUndefined();
});
