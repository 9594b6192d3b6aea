import type { LabelMap } from "../core/mask.ts";

/** The label map at another size, each output pixel reading the input pixel under its centre: ids never mix. */
export function resizeLabels(labels: LabelMap, width: number, height: number): LabelMap {
  if (width === labels.width && height === labels.height) return labels;
  const columns = centres(labels.width, width);
  const rows = centres(labels.height, height);
  const data = emptyLike(labels, width * height);
  for (let y = 0, to = 0; y < height; y++) {
    const row = rows[y]! * labels.width;
    for (let x = 0; x < width; x++) data[to++] = labels.data[row + columns[x]!]!;
  }
  return { width, height, data };
}

/** Zeros of the map's own integer type. */
export function emptyLike({ data }: LabelMap, length: number): Uint8Array | Uint16Array {
  return data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
}

function centres(inputs: number, outputs: number): Int32Array {
  return Int32Array.from({ length: outputs }, (_, o) => Math.floor(((o + 0.5) * inputs) / outputs));
}
