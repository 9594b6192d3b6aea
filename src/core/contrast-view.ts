/** The part of the photo on which masks of one object are compared. */
import { type LabPlanes, labPlanes, type Photo, toLab } from "./lab.ts";
import type { Box } from "./mask.ts";
import { areaAxis, type Window } from "./resample.ts";

/** Longest side of the crop on which contrast is measured, in pixels. */
const CONTRAST_SIZE = 256;

/** A part of the photo and the size it is shrunk to. */
export interface ShrinkWindow extends Window {
  readonly width: number;
  readonly height: number;
}

/** A crop of the photo in Lab, shrunk by area, on which masks of one object are compared. */
export interface ContrastView extends ShrinkWindow {
  /** L, a, b, each `Float32Array [height, width]`. */
  readonly lab: LabPlanes;
  /** How photo columns and rows make up those of the view. */
  readonly columns: Spans;
  readonly rows: Spans;
}

/**
 * The view of one object: its coarse box padded by 25 % + 4 px a side, shrunk by area to 256 px on the longest
 * side (never enlarged).
 *
 * @param box tight box of the coarse mask, both ends inclusive
 */
export function contrastView(photo: Photo, box: Box): ContrastView {
  const padX = Math.round((box[2] - box[0] + 1) * 0.25) + 4;
  const padY = Math.round((box[3] - box[1] + 1) * 0.25) + 4;
  const x0 = Math.max(0, box[0] - padX);
  const y0 = Math.max(0, box[1] - padY);
  const x1 = Math.min(photo.width, box[2] + 1 + padX);
  const y1 = Math.min(photo.height, box[3] + 1 + padY);
  const scale = Math.min(1, CONTRAST_SIZE / Math.max(x1 - x0, y1 - y0));
  const width = Math.max(1, Math.round((x1 - x0) * scale));
  const height = Math.max(1, Math.round((y1 - y0) * scale));
  const columns = areaSpans(x1 - x0, width);
  const rows = areaSpans(y1 - y0, height);
  const rgb = shrinkPhoto(photo, { x0, y0, x1, y1, width, height }, columns, rows);
  const lab = labPlanes(width * height);
  toLab(rgb, width * height, lab);
  return { x0, y0, x1, y1, width, height, lab, columns, rows };
}

/** Area average of a window of the photo, `Float32Array [height, width, 3]`. */
function shrinkPhoto({ data, width }: Photo, w: ShrinkWindow, columns: Spans, rows: Spans): Float32Array {
  const out = new Float32Array(w.width * w.height * 3);
  // Rows first: columns are then averaged once per output row.
  const sums = new Float32Array((w.x1 - w.x0) * 3);
  for (let k = 0, end = 0; k < rows.input.length; k = end) {
    while (rows.output[end] === rows.output[k]) end++;
    const from = ((w.y0 + rows.input[k]!) * width + w.x0) * 3;
    averageRows(sums, data, from, width * 3, rows.weight.subarray(k, end));
    averageColumns(sums, columns, out, rows.output[k]! * w.width);
  }
  return out;
}

/** Weighted sums of successive rows; all weights between the first and the last are equal. */
function averageRows(
  sums: Float32Array,
  data: Uint8Array,
  from: number,
  stride: number,
  weights: Float32Array,
): void {
  const [first, middle] = [weights[0]!, weights[1] ?? 0];
  const last = weights.length > 1 ? weights.at(-1)! : 0;
  const lastRow = from + (weights.length - 1) * stride;
  for (let i = 0; i < sums.length; i++) {
    let between = 0;
    for (let at = from + stride + i; at < lastRow; at += stride) between += data[at]!;
    sums[i] = first * data[from + i]! + middle * between + last * data[lastRow + i]!;
  }
}

/** Averages a row's columns into pixels of the output, from `first` on. */
function averageColumns(sums: Float32Array, columns: Spans, out: Float32Array, first: number): void {
  const { input, output, weight } = columns;
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let k = 0, to = first * 3; k < output.length; k++) {
    const from = input[k]! * 3;
    const share = weight[k]!;
    red += share * sums[from]!;
    green += share * sums[from + 1]!;
    blue += share * sums[from + 2]!;
    if (output[k + 1] === output[k]) continue;
    out[to] = red;
    out[to + 1] = green;
    out[to + 2] = blue;
    to += 3;
    red = green = blue = 0;
  }
}

/** Every overlap of an output pixel with an input pixel, in order of outputs. */
export interface Spans {
  readonly output: Int32Array;
  readonly input: Int32Array;
  /** Share of the output's area. */
  readonly weight: Float32Array;
}

function areaSpans(inputs: number, outputs: number): Spans {
  const { taps, index, weight } = areaAxis(0, inputs, outputs);
  const used = weight.reduce((count, w) => count + (w === 0 ? 0 : 1), 0);
  const spans = { output: new Int32Array(used), input: new Int32Array(used), weight: new Float32Array(used) };
  for (let t = 0, k = 0; t < weight.length; t++) {
    if (weight[t] === 0) continue;
    spans.output[k] = Math.floor(t / taps);
    spans.input[k] = index[t]!;
    spans.weight[k++] = weight[t]!;
  }
  return spans;
}
