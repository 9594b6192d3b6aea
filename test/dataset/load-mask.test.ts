import { describe, expect, it } from "vitest";
import { encodeMaskPNG, loadMask } from "../../src/dataset/load-mask.ts";
import { parseLabelmap } from "../../src/formats/mod.ts";
import { buildNpy } from "../formats/npy/build-npy.ts";
import { rgb } from "./plan/tree.ts";

const raw = (...data: number[]) => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

describe("raw values", () => {
  it.each([
    ["0 and 1", [0, 1, 1], undefined, "binary", [0, 1, 1]],
    ["0 and 255", [0, 255, 255], undefined, "binary", [0, 1, 1]],
    ["ids", [0, 2, 255], undefined, "labels", [0, 2, 255]],
    ["ids asked for as one object", [0, 2, 255], "binary", "binary", [0, 1, 1]],
    ["0 and 1 asked for as labels", [0, 1, 1], "labels", "labels", [0, 1, 1]],
  ] as const)("%s", async (_, values, encoding, read, expected) => {
    const mask = await loadMask(raw(...values), { encoding }, 100);
    expect(mask.encoding).toBe(read);
    expect([...mask.map.data]).toEqual(expected);
    expect(mask.ignoreLabel).toBe(read === "labels" ? 255 : undefined);
  });

  it("leave the ignore label out of the object", async () => {
    const mask = await loadMask(raw(0, 2, 9), { encoding: "binary", ignoreLabel: 9 }, 100);
    expect([...mask.map.data]).toEqual([0, 1, 0]);
  });
});

describe("files", () => {
  it("in NumPy's format are written in it; a PNG is made of their values", async () => {
    const bytes = buildNpy({ descr: "<i4", shape: [1, 3], numbers: [0, 300, 2] });
    const { format, map, encoding, write } = await loadMask(bytes, {}, 100);
    expect([format, encoding, ...map.data]).toEqual(["npy", "labels", 0, 300, 2]);
    expect(Buffer.compare(write(map.data), bytes)).toBe(0);
    const png = await loadMask(encodeMaskPNG(map, encoding), {}, 100);
    expect([png.format, png.encoding, ...png.map.data]).toEqual(["png", "labels", 0, 300, 2]);
  });

  it("in colours take a colour map", async () => {
    const colours = parseLabelmap("labelmap.txt", "cat:1,2,3");
    const bytes = rgb(
      [
        [0, 0, 0],
        [1, 2, 3],
      ],
      2,
    );
    expect([...(await loadMask(bytes, { colours }, 100)).map.data]).toEqual([0, 1]);
  });
});
