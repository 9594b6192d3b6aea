import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { loadMask } from "../../src/dataset/load-mask.ts";
import { loadPhoto } from "../../src/dataset/load-photo.ts";
import { turnBack, turnUpright } from "../../src/dataset/upright.ts";
import { encodeLabelPNG } from "../../src/formats/mod.ts";

const width = 5;
const height = 3;
/** Every pixel differs, so that none can be in another's place. */
const stored = { width, height, data: Uint8Array.from({ length: width * height }, (_, i) => 10 * i + 3) };
const orientations = [1, 2, 3, 4, 5, 6, 7, 8];

/** The stored pixels as a photo that carries an orientation. */
function photo(orientation: number): Promise<Buffer> {
  const { data } = stored;
  return sharp(data, { raw: { width, height, channels: 1 } })
    .withMetadata({ orientation })
    .png()
    .toBuffer();
}

describe("a mask turned like its photo", () => {
  it.each(orientations)("shows each pixel where orientation %i displays it", async (orientation) => {
    const { data, info } = await sharp(await photo(orientation))
      .autoOrient()
      .extractChannel(0)
      .raw()
      .toBuffer({ resolveWithObject: true });
    const upright = turnUpright(stored, orientation);
    expect([upright.width, upright.height]).toEqual([info.width, info.height]);
    expect([...upright.data]).toEqual([...data]);
    expect(turnBack(upright.data, stored, orientation)).toEqual(stored);
  });
});

describe("a mask of the stored size", () => {
  const png = encodeLabelPNG(stored);

  it.each(orientations)("fits its photo of orientation %i, and is written as it lay", async (orientation) => {
    const mask = await loadMask(png, { ignoreLabel: null }, 100);
    const loaded = await loadPhoto(await photo(orientation), [mask], 100);
    const [fitting] = loaded.masks;
    const turned = orientation >= 5;
    expect([loaded.photo.width, loaded.photo.height]).toEqual(turned ? [height, width] : [width, height]);
    // Each pixel of the mask lies on the photo's pixel of its own value.
    if (turned) {
      const red = Array.from(loaded.photo.data).filter((_, i) => i % 3 === 0);
      expect([...fitting!.map.data]).toEqual(red);
    }
    expect(fitting!.notes.filter((note) => note.includes("only as stored"))).toHaveLength(turned ? 1 : 0);
    expect(fitting!.write(fitting!.map.data)).toEqual(png);
    const changed = fitting!.map.data.map((v) => v + 1);
    const [read] = [await loadMask(fitting!.write(changed), { ignoreLabel: null }, 100)];
    expect(read.map).toEqual({ ...stored, data: stored.data.map((v) => v + 1) });
  });

  it("is turned on its own: another mask may fit as displayed", async () => {
    const asStored = await loadMask(png, { ignoreLabel: null }, 100);
    const upright = turnUpright(stored, 6);
    const asDisplayed = await loadMask(encodeLabelPNG(upright), { ignoreLabel: null }, 100);
    const { masks } = await loadPhoto(await photo(6), [asStored, asDisplayed], 100);
    expect(masks.map(({ map }) => map)).toEqual([upright, upright]);
    expect(masks.map(({ turn }) => turn === undefined)).toEqual([false, true]);
  });

  it("of another size altogether is refused", async () => {
    const mask = await loadMask({ width: 4, height: 4, data: new Uint8Array(16) }, {}, 100);
    await expect(loadPhoto(await photo(6), [mask], 100)).rejects.toThrow(
      "mask is 4×4 pixels, but its photo photo is 3×5: expected the same size",
    );
  });
});
