import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { vocColours } from "../../src/formats/colour-map.ts";
import { readMaskFile } from "../../src/formats/read-mask-file.ts";
import { readPictureValues } from "../../src/formats/read-picture-values.ts";

const bench = resolve("../shared/bench");
const folders = ["formats", "coarse"].map((folder) => resolve(bench, folder));
const present = folders.every((folder) => existsSync(folder));
if (!present) console.log(`skipped: ${bench} is not there`);

function masksBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".png"))
    .map((name) => resolve(folder, name));
}

describe.runIf(present)("every PNG of the bench", () => {
  it.each(folders)("below %s is written back byte for byte", async (folder) => {
    const masks = masksBelow(folder);
    expect(masks.length).toBeGreaterThan(1);
    for (const name of masks) {
      const png = readFileSync(name);
      const file = await readMaskFile(png, { name, colours: vocColours() });
      expect(Buffer.compare(file.write(file.values), png), name).toBe(0);
      const picture = await readPictureValues(png, { name });
      expect(
        Buffer.compare(
          picture.write([], () => 0),
          png,
        ),
        name,
      ).toBe(0);
    }
  });
});
