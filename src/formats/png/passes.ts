import { type PngHeader, rowBytes } from "./header.ts";

/** A pass of an interlaced PNG: every `dx`-th pixel of every `dy`-th row from (`x0`, `y0`) on. */
export interface Pass {
  readonly x0: number;
  readonly y0: number;
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  readonly height: number;
}

/** x0, y0, dx, dy (PNG specification, section 8.2). */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The passes that hold pixels, in file order; the whole picture as one pass if it is not interlaced. */
export function passesOf(header: PngHeader): Pass[] {
  const { width, height } = header;
  if (!header.interlaced) return [{ x0: 0, y0: 0, dx: 1, dy: 1, width, height }];
  return adam7
    .map(([x0, y0, dx, dy]) => ({
      x0,
      y0,
      dx,
      dy,
      width: Math.ceil((width - x0) / dx),
      height: Math.ceil((height - y0) / dy),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

/** Bytes of a pass with its filter bytes. */
export function passBytes(header: PngHeader, pass: Pass): number {
  return pass.height * (1 + rowBytes(header, pass.width));
}
