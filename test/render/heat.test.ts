import { describe, expect, it } from "vitest";
import { heat } from "../../src/render/heat.ts";
import { createPicture } from "../../src/render/picture.ts";
import { grayOf, pixelOf } from "./helpers.ts";

const sum = (pixel: number[]) => pixel[0]! + pixel[1]! + pixel[2]!;

describe("heat", () => {
  it("lies over the photo's part of the padded frame", () => {
    // A photo twice as wide as high fills the upper half of the frame: cells of rows 128 on are padding.
    const logits = new Float32Array(65_536).fill(-15);
    for (let y = 0; y < 128; y++) logits.fill(15, y * 256 + 128, y * 256 + 256);
    const picture = heat(createPicture(64, 32, [0, 0, 0]), logits);
    expect([picture.width, picture.height]).toEqual([64, 32]);
    for (const y of [0, 31]) {
      expect(sum(pixelOf(picture, 10, y))).toBeLessThan(60);
      expect(sum(pixelOf(picture, 54, y))).toBeGreaterThan(400);
    }
  });

  it("shows a part of the photo as the whole shows it", () => {
    const logits = Float32Array.from({ length: 65_536 }, (_, i) => (i % 256) / 10 - 12);
    const photo = grayOf([10, 60, 110, 160, 210]);
    const [whole, part] = [heat(photo, logits), heat(photo, logits, [2, 0, 3, 0])];
    expect(pixelOf(part, 0, 0)).toEqual(pixelOf(whole, 2, 0));
    expect(pixelOf(part, 1, 0)).toEqual(pixelOf(whole, 3, 0));
  });

  it("takes flat logits", () => {
    expect(() => heat(createPicture(1, 1, [0, 0, 0]), new Float32Array(65_536))).not.toThrow();
  });
});
