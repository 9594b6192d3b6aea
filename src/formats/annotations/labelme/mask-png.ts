import { type Box, boxArea, createMask, type Mask } from "../../../core/mask.ts";
import { encodeLabelPNG } from "../../encode-mask.ts";
import { signature } from "../../png/chunks.ts";
import { decodePNG } from "../../png/decode-png.ts";
import { readSamples } from "../../png/samples.ts";
import { unusable } from "../../unusable.ts";
import type { Size } from "../annotation-file.ts";
import { checkBox } from "../box-runs.ts";
import { describeJson } from "../json-values.ts";

/**
 * The mask of a labelme mask shape: a PNG in base64, everything but 0 foreground, that fills its box.
 *
 * @param points `[[x0, y0], [x1, y1]]`, both ends inclusive
 * @throws {InputError} for anything else, and for a box that leaves the photo
 */
export function decodeMaskShape(where: string, points: unknown, base64: unknown, size: Size): Mask {
  const box = readBox(where, points);
  checkBox(where, box, size);
  const [x0, y0, x1, y1] = box;
  const image = decodePNG(readBytes(where, base64), where, boxArea(box));
  const { width, height } = image.header;
  if (width !== x1 - x0 + 1 || height !== y1 - y0 + 1) {
    throw unusable(where, `a mask of ${width}×${height}`, `its box's ${x1 - x0 + 1}×${y1 - y0 + 1}`);
  }
  const samples = readSamples(image.rows, image.header);
  const mask = createMask(size.width, size.height);
  samples.forEach((sample, i) => {
    if (sample !== 0) mask.data[(y0 + Math.floor(i / width)) * size.width + x0 + (i % width)] = 1;
  });
  return mask;
}

function readBox(where: string, points: unknown): Box {
  const corners = Array.isArray(points) ? points.flat() : [];
  if (corners.length !== 4 || !corners.every((side) => typeof side === "number" && Number.isFinite(side))) {
    throw unusable(where, `${describeJson(points)} for the points of a mask`, "two corners");
  }
  // labelme cuts fractions off, too.
  const [x0, y0, x1, y1] = corners.map(Math.trunc) as [number, number, number, number];
  return [x0, y0, x1, y1];
}

function readBytes(where: string, base64: unknown): Uint8Array {
  const bytes = typeof base64 === "string" ? Buffer.from(base64, "base64") : Buffer.alloc(0);
  if (signature.some((byte, i) => bytes[i] !== byte)) {
    throw unusable(where, `a mask that starts with ${describeJson(base64).slice(0, 12)}`, "a PNG in base64");
  }
  return bytes;
}

/** A box of a mask as labelme writes it: 8-bit gray, 0 and 1. */
export function encodeMaskShape({ width, data }: Mask, [x0, y0, x1, y1]: Box): string {
  const crop = createMask(x1 - x0 + 1, y1 - y0 + 1);
  for (let y = y0; y <= y1; y++) {
    crop.data.set(data.subarray(y * width + x0, y * width + x1 + 1), (y - y0) * crop.width);
  }
  return Buffer.from(encodeLabelPNG(crop)).toString("base64");
}
