import { expect, it } from "vitest";
import { bridgedHoles, joinedParts, Remarks } from "../../../src/formats/annotations/remarks.ts";

it("Remarks: one sentence of a kind, however many regions it is about", () => {
  const remarks = new Remarks();
  expect(remarks.sentences("a.json")).toEqual([]);
  for (let i = 0; i < 1000; i++) remarks.add(bridgedHoles, `shapes/${i}`, 2);
  remarks.add(joinedParts, "shapes/3 (2, group 1)");
  expect(remarks.sentences("a.json")).toEqual([
    "a.json: 2000 holes of shapes/0, shapes/1, shapes/2, shapes/3, shapes/4 and 995 more are joined to their outlines by bridges, for polygons have no holes there",
    "a.json: new groups join the parts of shapes/3 (2, group 1)",
  ]);
});
