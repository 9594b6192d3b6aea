import { crc32, deflateSync } from "node:zlib";

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** The PASCAL VOC colours: the bits of the label, three at a time, become the high bits of red, green, blue. */
export function vocPalette(): Uint8Array {
  const palette = new Uint8Array(768);
  for (let label = 0; label < 256; label++) {
    for (let bit = 0; bit < 8; bit++) {
      const channel = bit % 3;
      const place = 7 - Math.floor(bit / 3);
      palette[label * 3 + channel]! |= ((label >> bit) & 1) << place;
    }
  }
  return palette;
}

/** An 8-bit PNG of exact values: label indices where there is a palette, else grey. */
export function encodePng(
  pixels: Uint8Array,
  width: number,
  height: number,
  palette?: Uint8Array,
  comment?: string,
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = palette ? 3 : 0;
  // Each row begins with its filter: 0, plain values, is best for flat areas.
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  }
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk("IHDR", header),
    ...(palette ? [chunk("PLTE", palette)] : []),
    ...(comment ? [chunk("tEXt", Buffer.from(`Comment\0${comment}`, "latin1"))] : []),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array()),
  ]);
}
