/** PNG bytes of masks that come from no file. */
import type { LabelMap, Mask } from "../core/mask.ts";
import { concatBytes, makeChunk, signature } from "./png/chunks.ts";
import { packRows } from "./png/pack-rows.ts";

/**
 * Encodes a binary mask as 8-bit gray PNG: background 0, foreground 255.
 *
 * @throws RangeError if a value is neither 0 nor 1, or `data` is not `width` x `height`.
 */
export function encodeBinaryPNG(mask: Mask | LabelMap): Uint8Array {
  checkSize(mask);
  const rows = Uint8Array.from(mask.data, (value) => (value === 0 ? 0 : 255));
  const wrong = mask.data.find((value) => value > 1);
  if (wrong !== undefined) throw new RangeError(`value ${wrong} in a binary mask, expected 0 or 1`);
  return encodeGray(rows, mask.width, mask.height, 8);
}

/**
 * Encodes a label map as gray PNG: 8 bits, or 16 if an id is above 255.
 *
 * @throws RangeError if `data` is not `width` x `height`.
 */
export function encodeLabelPNG(map: LabelMap): Uint8Array {
  checkSize(map);
  const { width, height, data } = map;
  if (data.every((id) => id <= 255)) return encodeGray(Uint8Array.from(data), width, height, 8);
  const rows = new Uint8Array(data.length * 2);
  const view = new DataView(rows.buffer);
  data.forEach((id, i) => {
    view.setUint16(2 * i, id);
  });
  return encodeGray(rows, width, height, 16);
}

function checkSize({ width, height, data }: LabelMap): void {
  if (!(width > 0 && height > 0) || data.length !== width * height) {
    throw new RangeError(`${data.length} values for a mask of ${width} x ${height} pixels`);
  }
}

function encodeGray(rows: Uint8Array, width: number, height: number, depth: 8 | 16): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = depth;
  const chunks = [
    makeChunk("IHDR", header),
    makeChunk("IDAT", packRows(rows, rows.length / height, depth / 8)),
    makeChunk("IEND", new Uint8Array(0)),
  ];
  return concatBytes([signature, ...chunks.map((chunk) => chunk.bytes)]);
}
