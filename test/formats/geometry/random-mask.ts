import fc from "fast-check";
import type { Mask } from "../../../src/core/mask.ts";

/** Masks from sparse to nearly full, with parts and holes that touch at corners, and smooth ones made of discs. */
export function randomMask(most = 14): fc.Arbitrary<Mask> {
  return fc
    .record({
      width: fc.integer({ min: 1, max: most }),
      height: fc.integer({ min: 1, max: most }),
      noise: fc.array(fc.nat(99), { minLength: most * most, maxLength: most * most }),
      density: fc.constantFrom(0, 10, 50, 80, 100),
      discs: fc.array(fc.tuple(fc.nat(most), fc.nat(most), fc.nat(most / 2), fc.boolean()), { maxLength: 4 }),
    })
    .map(({ width, height, noise, density, discs }) => {
      const data = Uint8Array.from({ length: width * height }, (_, i) => {
        const [x, y] = [i % width, Math.floor(i / width)];
        const disc = discs.findLast(([cx, cy, r]) => (x - cx) ** 2 + (y - cy) ** 2 <= r * r);
        return disc ? Number(disc[3]) : Number(noise[i]! < density);
      });
      return { width, height, data };
    });
}

/** A mask of any size from a formula. */
export function maskOf(width: number, height: number, inside: (x: number, y: number) => boolean): Mask {
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) data[i] = inside(i % width, Math.floor(i / width)) ? 1 : 0;
  return { width, height, data };
}
