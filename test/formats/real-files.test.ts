import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { readMaskFile } from "../../src/formats/read-mask-file.ts";
import { chunksOf } from "./png-builder.ts";

const bench = resolve("../shared/bench");
const voc = resolve(bench, "formats/2label_voc1.1");
const present = existsSync(voc) && existsSync(resolve(bench, "gt"));
if (!present) console.log(`skipped: ${bench} is not there`);

/** Every fifth mask of the bench, each named by its path. */
function masks(): string[] {
  if (!present) return [];
  return ["gt", "coarse"].flatMap((folder) =>
    readdirSync(resolve(bench, folder))
      .filter((file) => file.endsWith(".png"))
      .filter((_, i) => i % 5 === 0)
      .map((file) => resolve(bench, folder, file)),
  );
}

describe.runIf(present)("real files", () => {
  it("masks and label maps come back as libpng reads them, and unchanged as they are", async () => {
    for (const path of masks()) {
      const png = readFileSync(path);
      const file = await readMaskFile(png, { name: path });
      const pixels = await sharp(png).toColourspace("b-w").raw().toBuffer();
      const top =
        file.encoding === "binary"
          ? Math.max(
              1,
              pixels.reduce((a, b) => Math.max(a, b)),
            )
          : 1;
      const same = file.values.every((value, i) => value * top === pixels[i]);
      expect(same, path).toBe(true);
      expect(Buffer.compare(file.write(file.values), png), path).toBe(0);
    }
  });

  it("a changed mask keeps its other pixels and chunks", async () => {
    const path = masks()[0]!;
    const file = await readMaskFile(readFileSync(path), { name: path });
    const values = file.values.slice();
    values[0] = values[0] === 0 ? 1 : 0;
    const written = file.write(values);
    const again = await readMaskFile(written, { name: path });
    expect(Buffer.compare(again.values as Uint8Array, values as Uint8Array)).toBe(0);
    const others = (png: Uint8Array) => chunksOf(png).filter(({ type }) => type !== "IDAT");
    expect(others(written)).toEqual(others(readFileSync(path)));
  });

  it("VOC masks exported in RGB colours are refused", async () => {
    const path = resolve(voc, "SegmentationClass/shapes.png");
    await expect(readMaskFile(readFileSync(path), { name: path })).rejects.toThrow(
      "found a picture in colour",
    );
  });
});
