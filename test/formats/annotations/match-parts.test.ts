import { expect, it } from "vitest";
import { type Extent, extentOf, matchParts } from "../../../src/formats/annotations/match-parts.ts";

const left: Extent = [0, 0, 2, 2];
const right: Extent = [4, 0, 6, 2];
const wide: Extent = [1, 0, 6, 2];

it("a part goes on as the old one that it overlaps most, each old one once", () => {
  expect(matchParts([left, right], [right, left])).toEqual([1, 0]);
  expect(matchParts([left, right], [wide])).toEqual([1]);
  expect(matchParts([left], [right, left, wide])).toEqual([undefined, 0, undefined]);
});

it("what overlaps nothing takes what is left", () => {
  expect(matchParts([extentOf([]), left], [right, left])).toEqual([0, 1]);
  expect(matchParts([], [left])).toEqual([undefined]);
});

it("the extent of a polygon", () => {
  expect(extentOf([3, 1, 0.5, 4, 2, -1])).toEqual([0.5, -1, 3, 4]);
});
