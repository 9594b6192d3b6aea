import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { encodeMaskPNG, loadMask } from "../../src/dataset/load-mask.ts";
import { parseLabelmap } from "../../src/formats/mod.ts";
import { buildNpy } from "../formats/npy/build-npy.ts";
import { rgb, useTree } from "./plan/tree.ts";

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

const tree = useTree();

describe("files", () => {
  const [black, cat, green] = [
    [0, 0, 0],
    [1, 2, 3],
    [0, 128, 0],
  ];
  const coloured = rgb([black!, cat!, cat!], 3);
  const valuesOf = async (input: string | URL): Promise<number[]> => [
    ...(await loadMask(input, {}, 100)).map.data,
  ];

  it("in colours are read by the labelmap.txt beside them or above, and written in their colours", async () => {
    await tree.add({
      "set/SegmentationClass/a.png": coloured,
      "set/labelmap.txt": "dog:9,9,9\ncat:1,2,3::\n",
    });
    const path = tree.path("set/SegmentationClass/a.png");
    const mask = await loadMask(path, {}, 100);
    expect([mask.encoding, ...mask.map.data]).toEqual(["labels", 0, 2, 2]);
    expect(mask.notes).toEqual([
      `${path}: its colours are read as ${tree.path("set/labelmap.txt")} names them`,
    ]);
    expect(Buffer.compare(mask.write(mask.map.data), coloured)).toBe(0);
    expect(await valuesOf(pathToFileURL(path))).toEqual([0, 2, 2]);
    await tree.add({ "set/SegmentationClass/labelmap.txt": "cat:1,2,3" });
    expect(await valuesOf(path)).toEqual([0, 1, 1]);
  });

  it("in colours that nothing names say how to; bytes have no folder to look in", async () => {
    await tree.add({ "labelmap.txt": "cat:1,2,3", "a/b/a.png": coloured });
    const sentence = /found a picture in colour, expected .* a labelmap\.txt in its folder or above/;
    await expect(loadMask(tree.path("a/b/a.png"), {}, 100)).rejects.toThrow(sentence);
    await expect(loadMask(coloured, {}, 100)).rejects.toThrow(sentence);
  });

  it("of VOC's instances have its colours", async () => {
    await tree.add({
      "SegmentationObject/a.png": rgb([black!, green!, green!], 3),
      "labelmap.txt": "cat:1,2,3",
    });
    expect(await valuesOf(tree.path("SegmentationObject/a.png"))).toEqual([0, 2, 2]);
  });

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
