/** How well a mask's boundary separates colours: the gate of the default preset. */

import { type Frame, LOW_RES_SIZE } from "./frame.ts";
import { type LabPlanes, labPlanes, type Photo, toLab } from "./lab.ts";
import type { Box, Mask } from "./mask.ts";
import { type Axis, areaAxis, composeAxes, resample, type Window } from "./resample.ts";
import { type Interpolation, photoAxes } from "./upscale.ts";

/** Longest side of the crop on which contrast is measured, in pixels. */
const CONTRAST_SIZE = 256;

/** A part of the photo and the size it is shrunk to. */
interface ShrinkWindow extends Window {
  readonly width: number;
  readonly height: number;
}

/** A crop of the photo in Lab, shrunk by area, on which masks of one object are compared. */
export interface ContrastView extends ShrinkWindow {
  /** L, a, b, each `Float32Array [height, width]`. */
  readonly lab: LabPlanes;
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
  const rgb = shrinkPhoto(photo, { x0, y0, x1, y1, width, height });
  const lab = labPlanes(width * height);
  toLab(rgb, width * height, lab);
  return { x0, y0, x1, y1, width, height, lab };
}

/**
 * Boundary contrast E of a mask: the mean over boundary pixels (mask minus its 3×3 erosion) of the distance between
 * the mean Lab colour inside and outside the mask in a 5×5 window. 0 without a boundary.
 */
export function boundaryContrast(view: ContrastView, mask: Mask): number {
  return windowContrast(view, { x0: 0, y0: 0, x1: mask.width, y1: mask.height, mask: mask.data });
}

/** A mask that is known in a window of the photo and empty elsewhere: `Uint8Array [y1 - y0, x1 - x0]`. */
export interface MaskWindow extends Window {
  readonly mask: Uint8Array;
}

/** As {@link boundaryContrast}, for a mask in a window. */
export function windowContrast(view: ContrastView, part: MaskWindow): number {
  return contrastOf(view, shrinkMask(part, view));
}

/**
 * Boundary contrast of the mask that low-res logits would give, straight on the view's grid: a candidate that is
 * rejected never becomes a photo-sized mask.
 *
 * @param lowRes `Float32Array [256, 256]`
 */
export function logitContrast(
  view: ContrastView,
  lowRes: Float32Array,
  frame: Frame,
  interpolation: Interpolation,
): number {
  const { across, down } = viewAxes(view, frame, interpolation);
  const window = { x0: 0, y0: 0, x1: view.width, y1: view.height };
  const logits = resample(lowRes, LOW_RES_SIZE, across, down, window);
  const inside = new Uint8Array(logits.length);
  for (let i = 0; i < logits.length; i++) if (logits[i]! > 0) inside[i] = 1;
  return contrastOf(view, inside);
}

interface ViewAxes {
  readonly across: Axis;
  readonly down: Axis;
}

const axesOfView = new WeakMap<ContrastView, ViewAxes>();

/** From the low-res grid to the view; every iteration of a region needs the same. */
function viewAxes(view: ContrastView, frame: Frame, interpolation: Interpolation): ViewAxes {
  let axes = axesOfView.get(view);
  if (axes === undefined) {
    const { columns, rows } = photoAxes(frame, interpolation);
    axes = {
      across: composeAxes(columns, areaAxis(view.x0, view.x1, view.width)),
      down: composeAxes(rows, areaAxis(view.y0, view.y1, view.height)),
    };
    axesOfView.set(view, axes);
  }
  return axes;
}

/** @param inside `Uint8Array [height, width]` of the view */
function contrastOf(view: ContrastView, inside: Uint8Array): number {
  const { width, height } = view;
  let sum = 0;
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (inside[y * width + x] === 0 || !onBoundary(inside, width, height, x, y)) continue;
      sum += sideDistance(view, inside, x, y);
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

function onBoundary(inside: Uint8Array, width: number, height: number, x: number, y: number): boolean {
  for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
    for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
      if (inside[v * width + u] === 0) return true;
    }
  }
  return false;
}

/** Distance between the mean colours of both sides in the 5×5 window around a boundary pixel. */
function sideDistance(
  { width, height, lab }: ContrastView,
  inside: Uint8Array,
  x: number,
  y: number,
): number {
  const [lightness, a, b] = lab;
  let n = 0;
  let total = 0;
  let l1 = 0;
  let a1 = 0;
  let b1 = 0;
  let l2 = 0;
  let a2 = 0;
  let b2 = 0;
  for (let v = Math.max(0, y - 2); v <= Math.min(height - 1, y + 2); v++) {
    for (let u = Math.max(0, x - 2); u <= Math.min(width - 1, x + 2); u++) {
      const i = v * width + u;
      const side = inside[i]!;
      total++;
      n += side;
      l1 += side * lightness[i]!;
      a1 += side * a[i]!;
      b1 += side * b[i]!;
      l2 += lightness[i]!;
      a2 += a[i]!;
      b2 += b[i]!;
    }
  }
  const m = total - n;
  const dl = l1 / n - (l2 - l1) / m;
  const da = a1 / n - (a2 - a1) / m;
  const db = b1 / n - (b2 - b1) / m;
  return Math.sqrt(dl * dl + da * da + db * db);
}

/** Area average of a window of the photo, `Float32Array [height, width, 3]`. */
function shrinkPhoto({ data, width }: Photo, w: ShrinkWindow): Float32Array {
  const columns = areaSpans(w.x1 - w.x0, w.width);
  const rows = areaSpans(w.y1 - w.y0, w.height);
  const out = new Float32Array(w.width * w.height * 3);
  // Rows first: their sum runs along memory, and columns are then averaged once per output row.
  const sums = new Float32Array((w.x1 - w.x0) * 3);
  for (let k = 0; k < rows.input.length; k++) {
    const from = ((w.y0 + rows.input[k]!) * width + w.x0) * 3;
    addScaled(sums, data, from, rows.weight[k]!);
    if (rows.output[k] === rows.output[k + 1]) continue;
    averageColumns(sums, columns, out, rows.output[k]! * w.width);
    sums.fill(0);
  }
  return out;
}

function addScaled(sums: Float32Array, data: Uint8Array, from: number, weight: number): void {
  for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! + weight * data[from + i]!;
}

function averageColumns(sums: Float32Array, columns: Spans, out: Float32Array, first: number): void {
  const { input, output, weight } = columns;
  for (let k = 0; k < output.length; k++) {
    const from = input[k]! * 3;
    const to = (first + output[k]!) * 3;
    const share = weight[k]!;
    out[to] = out[to]! + share * sums[from]!;
    out[to + 1] = out[to + 1]! + share * sums[from + 1]!;
    out[to + 2] = out[to + 2]! + share * sums[from + 2]!;
  }
}

/** The mask in the window, 1 where at least half of a shrunk pixel's area is foreground. */
function shrinkMask({ mask, ...part }: MaskWindow, w: ShrinkWindow): Uint8Array {
  const perPixel = w.width / (w.x1 - w.x0);
  const small = new Float32Array(w.width * w.height);
  const rows = areaSpans(w.y1 - w.y0, w.height);
  const line = new Float32Array(w.width);
  let shrunk = -1;
  for (let k = 0; k < rows.input.length; k++) {
    const y = w.y0 + rows.input[k]!;
    if (y < part.y0 || y >= part.y1) continue;
    // An input row that straddles two output rows is shrunk once.
    if (y !== shrunk) shrinkMaskRow(mask, part, y, w, perPixel, line.fill(0));
    shrunk = y;
    const weight = rows.weight[k]!;
    for (let i = 0, to = rows.output[k]! * w.width; i < line.length; i++, to++)
      small[to] = small[to]! + weight * line[i]!;
  }
  const inside = new Uint8Array(small.length);
  for (let i = 0; i < small.length; i++) if (small[i]! >= 0.5 - 1e-6) inside[i] = 1;
  return inside;
}

/** Rows are few runs: each adds its coverage at both ends and 1 between. */
function shrinkMaskRow(
  mask: Uint8Array,
  part: Window,
  y: number,
  w: ShrinkWindow,
  perPixel: number,
  line: Float32Array,
): void {
  const left = Math.max(part.x0, w.x0);
  const right = Math.min(part.x1, w.x1);
  if (left >= right) return;
  const offset = (y - part.y0) * (part.x1 - part.x0) - part.x0;
  const row = mask.subarray(offset + left, offset + right);
  for (let start = row.indexOf(1); start >= 0; ) {
    const next = row.indexOf(0, start);
    const end = next < 0 ? row.length : next;
    addRun(line, (start + left - w.x0) * perPixel, (end + left - w.x0) * perPixel);
    start = next < 0 ? -1 : row.indexOf(1, end);
  }
}

/** Adds the share of each pixel that the interval `[from, to)` covers. */
function addRun(line: Float32Array, from: number, to: number): void {
  const first = Math.floor(from);
  const last = Math.min(line.length - 1, Math.floor(to));
  if (first === last) {
    line[first] = line[first]! + to - from;
    return;
  }
  line[first] = line[first]! + first + 1 - from;
  for (let i = first + 1; i < last; i++) line[i] = line[i]! + 1;
  line[last] = line[last]! + to - last;
}

/** Every overlap of an output pixel with an input pixel, in order of outputs. */
interface Spans {
  readonly output: Int32Array;
  readonly input: Int32Array;
  /** Share of the output's area. */
  readonly weight: Float32Array;
}

function areaSpans(inputs: number, outputs: number): Spans {
  const { taps, index, weight } = areaAxis(0, inputs, outputs);
  const used = Array.from(weight.keys()).filter((t) => weight[t] !== 0);
  return {
    output: Int32Array.from(used, (t) => Math.floor(t / taps)),
    input: Int32Array.from(used, (t) => index[t]!),
    weight: Float32Array.from(used, (t) => weight[t]!),
  };
}
