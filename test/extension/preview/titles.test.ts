import { format } from "node:util";
import { expect, test } from "vitest";
import { savedMessage } from "../../../src/extension/preview/saved-message.ts";
import { previewTitle, sameSource } from "../../../src/extension/preview/titles.ts";
import { stageText } from "../../../src/extension/progress-text.ts";
import { english } from "../english.ts";

test("a preview is called after its mask, or after its photo where the file has several", () => {
  expect(previewTitle({ sources: ["/d/mug_coarse.png"] }, english)).toBe("mug_coarse.png ↔ refined");
  expect(previewTitle({ sources: ["/d/all.json"], key: "images/a.jpg" }, english)).toBe("a.jpg ↔ refined");
});

test("the same sources in another order are the same preview", () => {
  const a = { sources: ["/a", "/b"], key: "k" };
  expect(sameSource(a, { sources: ["/b", "/a"], key: "k" })).toBe(true);
  expect(sameSource(a, { sources: ["/b", "/a"] })).toBe(false);
  expect(sameSource(a, { ...a, image: "/p.jpg" })).toBe(false);
  expect(sameSource(a, { ...a, journal: "/j" })).toBe(false);
});

test.each([
  ["beside", [{ name: "a.refined.png", unchanged: false }], "Wrote a.refined.png."],
  [
    "beside",
    [{ name: "a.refined.png", unchanged: true }],
    "Wrote a.refined.png, a copy: no region was accepted.",
  ],
  ["in-place", [{ name: "a.png", unchanged: false }], "Replaced a.png with its refined version."],
  ["in-place", [{ name: "a.png", unchanged: true }], "a.png stays as it is: no region was accepted."],
  [
    "mirror",
    [
      { name: "a.png", unchanged: false },
      { name: "b.png", unchanged: true },
    ],
    "Wrote 2 files, a.png and others.",
  ],
  ["beside", [], "There was nothing to write."],
] as const)("saved %s: %o", (kind, files, message) => {
  expect(savedMessage(files, kind, english), format(files)).toBe(message);
});

test("a stage counts where there is something to count", () => {
  expect(stageText("refine", 3, 12, english)).toBe("refining regions (3 of 12)");
  expect(stageText("encode", 0, 1, english)).toBe("encoding the photo");
});
