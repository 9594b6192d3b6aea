import type { Glyph } from "./font.ts";

/**
 * A glyph at twice the size with smooth diagonals: a quarter of a cell takes the value of its two outer
 * neighbours where they agree and the opposite ones do not (the rule known as EPX or Scale2x).
 */
export function doubleGlyph(glyph: Glyph): Glyph {
  const { width, height } = glyph;
  const ink = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [up, right, down, left] = neighbours(glyph, x, y);
      const own = glyph.ink[y * width + x]!;
      const to = y * 4 * width + x * 2;
      ink[to] = left === up && left !== down && up !== right ? up : own;
      ink[to + 1] = up === right && up !== left && right !== down ? right : own;
      ink[to + 2 * width] = left === down && left !== up && down !== right ? left : own;
      ink[to + 2 * width + 1] = down === right && down !== left && right !== up ? right : own;
    }
  }
  return { width: width * 2, height: height * 2, ink };
}

function neighbours({ width, height, ink }: Glyph, x: number, y: number): [number, number, number, number] {
  const at = y * width + x;
  return [
    y > 0 ? ink[at - width]! : 0,
    x + 1 < width ? ink[at + 1]! : 0,
    y + 1 < height ? ink[at + width]! : 0,
    x > 0 ? ink[at - 1]! : 0,
  ];
}
