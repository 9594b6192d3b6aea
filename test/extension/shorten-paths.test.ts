import { expect, test } from "vitest";
import { shortenPaths } from "../../src/extension/shorten-paths.ts";

test("files of the one folder are named from there", () => {
  const text = "/w/masks/a.png has no photo: looked in /w/masks and in /other/x";
  expect(shortenPaths(text, [{ path: "/w", shown: "" }])).toBe(
    "masks/a.png has no photo: looked in masks and in /other/x",
  );
});

test("folders in each other", () => {
  const folders = [
    { path: "/w", shown: "outer" },
    { path: "/w/in", shown: "inner" },
  ];
  expect(shortenPaths("/w/in/a.png, /w/b.png, /w", folders)).toBe("inner/a.png, outer/b.png, /w");
});
