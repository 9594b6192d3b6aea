import { concatBytes, makeChunk, type PngChunk, signature } from "./chunks.ts";
import type { PngImage } from "./decode-png.ts";
import { interlaceOffset, pixelBytes, rowBytes } from "./header.ts";
import { packRows } from "./pack-rows.ts";

/**
 * The PNG with other pixels: every chunk but IDAT stays byte for byte and in place, also what follows IEND.
 * An interlaced picture becomes a plain one, so its IHDR changes in one flag.
 *
 * @param rows - `[height, rowBytes]` packed pixels in the image's colour type and depth.
 */
export function rewritePNG(image: PngImage, rows: Uint8Array): Uint8Array {
  const { header } = image;
  const pixels = makeChunk("IDAT", packRows(rows, rowBytes(header, header.width), pixelBytes(header)));
  const first = image.chunks.findIndex((chunk) => chunk.type === "IDAT");
  const chunks = image.chunks.flatMap((chunk, i) => {
    if (i === first) return [pixels];
    if (chunk.type === "IDAT") return [];
    return [chunk.type === "IHDR" && header.interlaced ? withoutInterlace(chunk) : chunk];
  });
  return concatBytes([signature, ...chunks.map((chunk) => chunk.bytes), image.trailer]);
}

function withoutInterlace(header: PngChunk): PngChunk {
  const data = header.data.slice();
  data[interlaceOffset] = 0;
  return makeChunk("IHDR", data);
}
