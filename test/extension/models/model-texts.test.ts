/** What the picker says about models. */
import { describe, expect, it } from "vitest";
import {
  fetchProgress,
  fetchQuestion,
  groupOf,
  modelDetail,
  modelLine,
  nameProblem,
  suggestedName,
} from "../../../src/extension/models/model-texts.ts";
import type { ModelView } from "../../../src/protocol/engine.ts";
import { english } from "../english.ts";

const known: ModelView = {
  name: "sam_vit_b",
  description: "SAM ViT-B",
  licence: "Apache-2.0",
  source: "known",
  speed: "moderate",
  size: 375_000_000,
  onDisk: 0,
  ready: false,
  problem: "not fetched",
  fetchable: true,
};

describe("a model's line", () => {
  it("has size, licence and speed, as far as they are known", () => {
    expect(modelLine(known, english)).toBe("375 MB · Apache-2.0 · about 10 times slower");
    const { speed: _, size: __, ...less } = known;
    expect(modelLine({ ...less, source: "own" }, english)).toBe("own files · Apache-2.0");
    expect(modelLine({ ...known, source: "embedded", speed: "fast", size: 2.6e9 }, english)).toBe(
      "comes with the extension · 2.6 GB · Apache-2.0 · fast",
    );
  });

  it("says below what it is, what is here of it, or why it cannot be used", () => {
    expect(modelDetail(known, english)).toBe("SAM ViT-B");
    expect(modelDetail({ ...known, onDisk: 12e6 }, english)).toBe("SAM ViT-B · 12 MB of it are here already");
    expect(modelDetail({ ...known, fetchable: false }, english)).toBe("not fetched");
    expect(modelDetail({ ...known, ready: true, onDisk: 375e6 }, english)).toBe("SAM ViT-B");
  });

  it("stands where it belongs", () => {
    expect([known, { ...known, ready: true }, { ...known, fetchable: false }].map(groupOf)).toEqual([
      "to-fetch",
      "here",
      "unusable",
    ]);
  });
});

it("a fetch asks with its size and tells how far it is", () => {
  expect(fetchQuestion({ ...known, download: 100e6 }, english)).toBe("Fetch sam_vit_b (100 MB)?");
  const { size: _, ...unknown } = known;
  expect(fetchQuestion(unknown, english)).toBe("Fetch sam_vit_b?");
  expect(fetchProgress("encoder.onnx", 12e6, 96e6, english)).toBe("encoder.onnx (12 MB of 96 MB)");
  expect(fetchProgress("encoder.onnx", 12e6, 0, english)).toBe("encoder.onnx (12 MB)");
});

describe("a name", () => {
  it.each([
    ["/models/SAM ViT-B encoder.onnx", "sam-vit-b"],
    ["C:\\models\\mobile_sam.encoder.quant.onnx", "mobile_sam-quant"],
    ["encoder.onnx", "own"],
    ["/x/_Ünï_.onnx", "n"],
  ])("is suggested for %s", (path, name) => {
    expect(suggestedName(path)).toBe(name);
    expect(nameProblem(name, [], english)).toBeUndefined();
  });

  it("must be free, and one of a folder", () => {
    expect(nameProblem("minisam", ["minisam"], english)).toMatch(/already/);
    for (const bad of ["", "../up", "Big", "a b", "-a", "a".repeat(65)])
      expect(nameProblem(bad, [], english)).toMatch(/Expected/);
  });
});
