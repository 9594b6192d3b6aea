import { describe, expect, it } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import { readMaskFile } from "../../src/formats/read-mask-file.ts";
import { buildPNG, bytes, latin1, type PngSpec, palette } from "./png-builder.ts";

type Small = Partial<PngSpec> & Pick<PngSpec, "samples">;

/** A PNG of one row, 8-bit gray unless told otherwise. */
function row(spec: Small): Uint8Array {
  const channels = { 2: 3, 4: 2, 6: 4 }[spec.colourType ?? 0] ?? 1;
  return buildPNG({ width: spec.samples.length / channels, height: 1, depth: 8, colourType: 0, ...spec });
}

const read = (png: Uint8Array, options: object = {}) => readMaskFile(png, { name: "m.png", ...options });

describe("readMaskFile reads", () => {
  it.each<[string, Small, number[]]>([
    ["0/255", { samples: [0, 255, 255] }, [0, 1, 1]],
    ["0/1", { samples: [0, 1, 0] }, [0, 1, 0]],
    ["1-bit gray", { depth: 1, samples: [1, 0, 1] }, [1, 0, 1]],
    ["0/3 at 2 bits", { depth: 2, samples: [3, 0, 3] }, [1, 0, 1]],
    ["16-bit gray", { depth: 16, samples: [0, 65535] }, [0, 1]],
    ["1-bit palette", { depth: 1, colourType: 3, samples: [0, 1], before: [palette(2)] }, [0, 1]],
    ["8-bit palette of two", { colourType: 3, samples: [1, 0], before: [palette(2)] }, [1, 0]],
    ["gray+alpha", { colourType: 4, samples: [255, 255, 0, 255] }, [1, 0]],
    ["gray RGB", { colourType: 2, samples: [255, 255, 255, 0, 0, 0] }, [1, 0]],
    ["gray RGBA", { colourType: 6, samples: [0, 0, 0, 9, 1, 1, 1, 9] }, [0, 1]],
    ["gray RGB at 16 bits", { colourType: 2, depth: 16, samples: [65535, 65535, 65535, 0, 0, 0] }, [1, 0]],
    ["an empty mask", { samples: [0, 0] }, [0, 0]],
    ["a full mask", { samples: [9, 9] }, [1, 1]],
  ])("%s as binary", async (_, spec, values) => {
    const file = await read(row(spec));
    expect(file).toMatchObject({ format: "png", encoding: "binary", ignoreLabel: undefined, notes: [] });
    expect(file.values).toEqual(Uint8Array.from(values));
  });

  it.each<[string, Small, number | undefined]>([
    ["8-bit gray ids", { samples: [0, 7, 11] }, 255],
    ["8-bit palette", { colourType: 3, samples: [0, 1, 15], before: [palette(21)] }, 255],
    ["4-bit palette", { depth: 4, colourType: 3, samples: [0, 1, 15], before: [palette(16)] }, undefined],
    ["2-bit gray", { depth: 2, samples: [1, 2, 1] }, undefined],
    ["8-bit RGB copies", { colourType: 2, samples: [4, 4, 4, 5, 5, 5] }, 255],
  ])("%s as labels", async (_, spec, ignoreLabel) => {
    const file = await read(row(spec));
    expect(file).toMatchObject({ encoding: "labels", ignoreLabel, notes: [] });
    expect(file.values).toBeInstanceOf(Uint8Array);
  });

  it("ids above 255 at 16 bits", async () => {
    const file = await read(row({ depth: 16, samples: [0, 26001, 26002] }));
    expect(file).toMatchObject({ encoding: "labels", ignoreLabel: undefined });
    expect(file.values).toEqual(Uint16Array.of(0, 26001, 26002));
  });

  it("the ignore label that is asked for, and says where it occurs", async () => {
    const png = row({ samples: [0, 7, 255] });
    expect((await read(png)).notes).toEqual(["m.png: label 255 is the ignore label and stays as it is"]);
    expect(await read(png, { ignoreLabel: null })).toMatchObject({ ignoreLabel: undefined, notes: [] });
    expect(await read(png, { ignoreLabel: 7 })).toMatchObject({ ignoreLabel: 7 });
  });

  it("stored values as ids when labels are asked for", async () => {
    const file = await read(row({ samples: [0, 90, 255] }), { encoding: "labels" });
    expect(file.values).toEqual(Uint8Array.of(0, 90, 255));
  });

  it("a label map as one object when binary is asked for", async () => {
    const file = await read(row({ samples: [0, 7, 11, 11, 255] }), { encoding: "binary" });
    expect(file.values).toEqual(Uint8Array.of(0, 1, 1, 1, 0));
    expect(file.notes).toEqual(["m.png: 2 labels are read as one object; new foreground is written as 11"]);
  });

  it.each([
    [127, 0],
    [128, 1],
  ])(
    "a trimap as labels with a note, or as one object by its threshold: 0, %i, 255",
    async (middle, object) => {
      const png = buildPNG({
        width: 4,
        height: 3,
        depth: 8,
        colourType: 0,
        samples: [0, 0, middle, middle, 0, 0, middle, middle, 255, 255, 255, 255],
      });
      const labels = await read(png);
      expect(labels).toMatchObject({ encoding: "labels", ignoreLabel: 255 });
      expect(labels.notes).toEqual([
        expect.stringMatching(/^m\.png: looks like a trimap, .*encoding "binary"/),
      ]);
      const binary = await read(png, { encoding: "binary" });
      expect([...binary.values]).toEqual([0, 0, object, object, 0, 0, object, object, 1, 1, 1, 1]);
      expect(binary.notes).toEqual([expect.stringMatching(/thresholded at 128$/)]);
      expect(binary.write(binary.values)).toEqual(png);
      expect((await read(png, { encoding: "labels" })).notes).toEqual([
        "m.png: label 255 is the ignore label and stays as it is",
      ]);
      expect((await read(png, { ignoreLabel: null })).notes).toEqual([]);
    },
  );

  it("an antialiased mask by its half", async () => {
    const file = await read(row({ samples: [0, 127, 128, 255, 200, 0, 0] }));
    expect(file.values).toEqual(Uint8Array.of(0, 0, 1, 1, 1, 0, 0));
    expect(file.notes).toEqual(["m.png: 42.9% of the pixels lie between 0 and 255; thresholded at 128"]);
  });

  it("an alpha channel that varies with a note", async () => {
    const file = await read(row({ colourType: 4, samples: [0, 255, 255, 0] }));
    expect(file.notes).toEqual(["m.png: the alpha channel is kept but not read as a mask"]);
  });

  it("a copy, so that the caller's buffer may be reused", async () => {
    const png = row({ samples: [0, 255] });
    const before = png.slice();
    const file = await read(png);
    png.fill(0);
    expect(file.write(file.values)).toEqual(before);
  });
});

describe("readMaskFile refuses", () => {
  it.each<[string, Uint8Array, string]>([
    ["an empty file", bytes(), "an empty file"],
    ["text", latin1("hello, I am a mask\n"), "a text file"],
    [
      "a Git LFS pointer",
      latin1("version https://git-lfs.github.com/spec/v1\noid sha256:0"),
      "a Git LFS pointer",
    ],
    ["GIF", latin1("GIF89a\0\0"), "a GIF picture"],
    ["a PNG mangled by text transfer", latin1("\x89PNG\n\n\x1a\n"), "a damaged PNG signature"],
    ["anything else", bytes(1, 2, 3), "an unknown kind of file"],
  ])("%s", async (_, file, found) => {
    const error = await read(file).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain(`m.png: found ${found}`);
    expect((error as Error).message).toMatch(/, expected a PNG, JPEG or NumPy mask$/);
  });

  it("a picture in colour", async () => {
    await expect(read(row({ colourType: 2, samples: [128, 0, 0] }))).rejects.toThrow(
      "m.png: found a picture in colour, expected a mask in gray or palette colours, RGB with equal channels, or a labelmap.txt in its folder or above, with a line such as cat:128,0,0 for each colour",
    );
    const lowByte = row({ colourType: 6, depth: 16, samples: [256, 256, 257, 0] });
    await expect(read(lowByte)).rejects.toThrow(InputError);
  });
});
