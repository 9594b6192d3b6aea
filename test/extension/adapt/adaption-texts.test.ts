/** What is said about an adaptor. */
import { expect, it } from "vitest";
import { adaptionSummary, adaptorName, exampleLine } from "../../../src/extension/adapt/adaption-texts.ts";
import type { AdaptionView } from "../../../src/protocol/engine.ts";
import { english } from "../english.ts";

const example: AdaptionView["examples"][number] = {
  photo: "/d/images/p.jpg",
  mask: "/d/masks/p.png",
  label: "cup",
  region: "3",
  prompt: "box",
  before: 0.612,
  after: 0.834,
};
const view: AdaptionView = {
  file: "/d/.samrefiner/adaptors/d.safetensors",
  photos: { train: 30, heldOut: 10 },
  regions: 80,
  top1: { before: 0.65, after: 0.714 },
  coarseIoU: { before: 0.7, after: 0.74 },
  recommended: true,
  reason: "the choices rise",
  changed: { total: 12, better: 9, worse: 3 },
  examples: [example],
  failures: [],
};

it("names the figures, the recommendation and its reason", () => {
  expect(adaptionSummary(view, english)).toBe(
    "On 10 photos that it was not trained on, the mask that agrees most with the coarse one is chosen in 71.4 % of the decodes instead of 65.0 %. Recommended: the choices rise.",
  );
  expect(adaptionSummary({ ...view, recommended: false, reason: "no more than chance" }, english)).toMatch(
    /Not recommended: no more than chance\.$/,
  );
});

it("shows an example with the direction of its change", () => {
  expect(exampleLine(example, english)).toEqual({
    label: "$(arrow-up) p.png: cup",
    description: "agreement with the coarse mask 61.2 % → 83.4 %, box alone",
  });
  expect(exampleLine({ ...example, before: 0.9 }, english).label).toContain("arrow-down");
});

it.each([
  ["/data/My Masks", "My-Masks"],
  ["/data/Müll.v2", "Müll.v2"],
  ["/data/...", "adaptor"],
  ["/", "adaptor"],
])("is called after its folder: %s", (folder, name) => {
  expect(adaptorName(folder)).toBe(name);
});
