import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import { type ColourMap, parseLabelmap, vocColours } from "../../src/formats/colour-map.ts";
import { readMaskFile } from "../../src/formats/read-mask-file.ts";
import { buildPNG, chunk, chunksOf, latin1 } from "./png-builder.ts";

const voc = resolve("../shared/bench/formats/2label_voc1.1");
const present = existsSync(voc);
if (!present) console.log(`skipped: ${voc} is not there`);

const map = parseLabelmap(
  "labelmap.txt",
  "# label:color_rgb:parts:actions\nbackground:0,0,0::\ncat:128,0,0::\ndog:0,128,0\n",
);

/** Colours of a row of pixels. */
function row(colours: readonly (readonly number[])[], alpha = false): Uint8Array {
  return buildPNG({
    width: colours.length,
    height: 1,
    depth: 8,
    colourType: alpha ? 6 : 2,
    samples: colours.flat(),
    before: [chunk("pHYs", Uint8Array.of(0, 0, 1, 0, 0, 0, 1, 0, 1))],
    after: [chunk("tEXt", latin1("Comment\0kept"))],
  });
}

const read = (bytes: Uint8Array, colours: ColourMap = map, encoding?: "binary") =>
  readMaskFile(bytes, { name: "m.png", colours, encoding });
const [black, red, green, frame] = [
  [0, 0, 0],
  [128, 0, 0],
  [0, 128, 0],
  [224, 224, 192],
] as const;

describe("a colour-coded mask", () => {
  it("is read as the ids of its colours, 255 for VOC's frame", async () => {
    const file = await read(row([black, red, green, frame]));
    expect([file.encoding, file.ignoreLabel]).toEqual(["labels", 255]);
    expect(Array.from(file.values)).toEqual([0, 1, 2, 255]);
    expect(file.colours).toBe(map);
  });

  it("changes in its colours and keeps all its chunks and its alpha", async () => {
    const before = row(
      [
        [...black, 9],
        [...red, 8],
        [...green, 7],
      ],
      true,
    );
    const file = await read(before);
    expect(Buffer.compare(file.write(file.values), before)).toBe(0);
    const written = file.write(Uint8Array.of(1, 2, 2));
    const others = (png: Uint8Array) => chunksOf(png).filter(({ type }) => type !== "IDAT");
    expect(others(written)).toEqual(others(before));
    const pixels = decode(written);
    expect(Array.from(pixels.data)).toEqual([...red, 9, ...green, 8, ...green, 7]);
    expect(Array.from((await read(written)).values)).toEqual([1, 2, 2]);
  });

  it("does not take an id that no colour has", async () => {
    const file = await read(row([black, red]));
    expect(() => file.write(Uint8Array.of(0, 3))).toThrow(RangeError);
  });

  it("can be read as one object", async () => {
    const file = await read(row([black, red, red, green]), map, "binary");
    expect([file.encoding, ...file.values]).toEqual(["binary", 0, 1, 1, 1]);
  });

  it("of gray colours only goes by the map too; without a colour of it, it is a mask of black and white", async () => {
    const gray = parseLabelmap("l", "bird:128,128,128");
    expect(Array.from((await read(row([black, [128, 128, 128]]), gray)).values)).toEqual([0, 1]);
    const white = await read(row([black, [255, 255, 255]]), gray);
    expect([white.encoding, white.colours, ...white.values]).toEqual(["binary", undefined, 0, 1]);
  });

  it("names a colour that the map lacks, and where it is", async () => {
    await expect(read(row([black, [1, 2, 3]]))).rejects.toThrow(
      "m.png: found the colour 1,2,3 at (1, 0), expected only colours that labelmap.txt names",
    );
  });
});

describe("parseLabelmap", () => {
  it("counts classes from 1, black and background are 0, void is 255", () => {
    const { ids } = parseLabelmap("l", "cat:1,0,0\r\nvoid:9,9,9::\na:b:2,0,0:x:y\nbackground:7,7,7");
    expect(Object.fromEntries(ids)).toEqual({
      [0x010000]: 1,
      [0x090909]: 255,
      [0x020000]: 2,
      [0x070707]: 0,
      [0xe0e0c0]: 255,
      0: 0,
    });
  });

  it("leaves 255 to void however many classes there are", () => {
    const lines = Array.from({ length: 300 }, (_, i) => `c${i}:${1 + (i % 250)},${Math.floor(i / 250)},1`);
    const ids = [...parseLabelmap("l", lines.join("\n")).ids];
    expect(ids.filter(([, id]) => id === 255)).toEqual([[0xe0e0c0, 255]]);
    expect(ids.at(-3)?.[1]).toBe(301);
  });

  it.each([
    ["cat", 'line 1, "cat"'],
    ["cat:1,2,300", 'line 1, "cat:1,2,300"'],
    ["cat:1,2", 'line 1, "cat:1,2"'],
    ["a:1,1,1\nb:1,1,1", "a colour of two classes in line 2"],
    ["# nothing", "no line that names a colour"],
  ])("refuses %j", (text, found) => {
    expect(() => parseLabelmap("l.txt", text)).toThrow(`l.txt: found ${found}, expected `);
  });

  it("any text is a map or an error of one sentence", () => {
    const line = fc.oneof(fc.string(), fc.stringMatching(/^[a-z:]{0,9}:\d{1,4},\d{1,3},\d{1,3}(:.{0,9})?$/));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        try {
          expect(parseLabelmap("l", lines.join("\n")).ids.get(0)).toBe(0);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
  });
});

describe("vocColours", () => {
  it("are those of the toolkit's published list", () => {
    const byId = new Map([...vocColours().ids].map(([colour, id]) => [id, colour]));
    expect(byId.size).toBe(256);
    const published = { 0: 0, 1: 0x800000, 2: 0x008000, 3: 0x808000, 4: 0x000080, 7: 0x808080, 8: 0x400000 };
    for (const [id, colour] of Object.entries({ ...published, 20: 0x004080, 255: 0xe0e0c0 }))
      expect(byId.get(Number(id)), id).toBe(colour);
  });
});

describe.runIf(present)("masks that CVAT exported as VOC", () => {
  const labelmap = () => parseLabelmap("labelmap.txt", readFileSync(resolve(voc, "labelmap.txt"), "utf8"));

  it.each(["SegmentationClass", "SegmentationObject"])(
    "%s is read and written without loss",
    async (folder) => {
      const bytes = readFileSync(resolve(voc, folder, "shapes.png"));
      const colours = folder === "SegmentationClass" ? labelmap() : vocColours();
      const file = await readMaskFile(bytes, { name: folder, colours });
      expect([file.width, file.height, file.encoding]).toEqual([588, 643, "labels"]);
      expect(Buffer.compare(file.write(file.values), bytes)).toBe(0);
      const values = file.values.slice();
      const other = values.find((id) => id > 0)!;
      values.fill(other, 0, 588);
      const again = await readMaskFile(file.write(values), { name: folder, colours });
      expect(Buffer.compare(again.values as Uint8Array, values as Uint8Array)).toBe(0);
    },
  );

  it("has the class of its labelmap, ellipse", async () => {
    const bytes = readFileSync(resolve(voc, "SegmentationClass", "shapes.png"));
    const file = await readMaskFile(bytes, { name: "shapes", colours: labelmap() });
    expect([...new Set(file.values)].sort()).toEqual([0, 4]);
  });
});
