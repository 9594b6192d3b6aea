/** How well a mask's boundary separates colours: the gate of the default preset. */

import { type Frame, LOW_RES_SIZE } from "./frame.ts";
import { type Photo, toLab } from "./lab.ts";
import type { Box, Mask } from "./mask.ts";
import { type Axis, areaAxis, composeAxes, resample } from "./resample.ts";
import { type Interpolation, photoAxes } from "./upscale.ts";

/** Longest side of the crop on which contrast is measured, in pixels. */
const CONTRAST_SIZE = 256;

/** A part of the photo and the size it is shrunk to. */
interface ShrinkWindow {
  /** Part of the photo covered: `[x0, x1) × [y0, y1)`. */
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly width: number;
  readonly height: number;
}

/** A crop of the photo in Lab, shrunk by area, on which masks of one object are compared. */
export interface ContrastView extends ShrinkWindow {
  /** L, a, b, each `Float32Array [height, width]`. */
  readonly lab: readonly [Float32Array, Float32Array, Float32Array];
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
  const lab: [Float32Array, Float32Array, Float32Array] = [
    new Float32Array(width * height),
    new Float32Array(width * height),
    new Float32Array(width * height),
  ];
  toLab(rgb, width * height, lab);
  return { x0, y0, x1, y1, width, height, lab };
}

/**
 * Boundary contrast E of a mask: the mean over boundary pixels (mask minus its 3×3 erosion) of the distance between
 * the mean Lab colour inside and outside the mask in a 5×5 window. 0 without a boundary.
 */
export function boundaryContrast(view: ContrastView, mask: Mask): number {
  return contrastOf(view, shrinkMask(mask, view));
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
  return shrinkRows(w, 3, (input, line) => {
    const { output, weight } = columns;
    const offset = ((w.y0 + input) * width + w.x0) * 3;
    for (let k = 0; k < output.length; k++) {
      const from = offset + columns.input[k]! * 3;
      const to = output[k]! * 3;
      const share = weight[k]!;
      line[to] = line[to]! + share * data[from]!;
      line[to + 1] = line[to + 1]! + share * data[from + 1]!;
      line[to + 2] = line[to + 2]! + share * data[from + 2]!;
    }
  });
}

/** The mask in the window, 1 where at least half of a shrunk pixel's area is foreground. */
function shrinkMask({ data, width }: Mask, w: ShrinkWindow): Uint8Array {
  const perPixel = w.width / (w.x1 - w.x0);
  const small = shrinkRows(w, 1, (input, line) => {
    const from = (w.y0 + input) * width + w.x0;
    const row = data.subarray(from, from + w.x1 - w.x0);
    // Rows are few runs: each adds its coverage at both ends and 1 between.
    for (let start = row.indexOf(1); start >= 0; ) {
      const next = row.indexOf(0, start);
      const end = next < 0 ? row.length : next;
      addRun(line, start * perPixel, end * perPixel);
      start = next < 0 ? -1 : row.indexOf(1, end);
    }
  });
  const inside = new Uint8Array(small.length);
  for (let i = 0; i < small.length; i++) if (small[i]! >= 0.5 - 1e-6) inside[i] = 1;
  return inside;
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

/** Averages the rows of a window; `shrinkRow` adds one input row, shrunk along x, to an empty line. */
function shrinkRows(
  w: ShrinkWindow,
  channels: 1 | 3,
  shrinkRow: (input: number, line: Float32Array) => void,
): Float32Array {
  const out = new Float32Array(w.width * w.height * channels);
  const rows = areaSpans(w.y1 - w.y0, w.height);
  const line = new Float32Array(w.width * channels);
  let shrunk = -1;
  for (let k = 0; k < rows.input.length; k++) {
    // An input row that straddles two output rows is shrunk once.
    if (rows.input[k] !== shrunk) {
      shrunk = rows.input[k]!;
      shrinkRow(shrunk, line.fill(0));
    }
    const weight = rows.weight[k]!;
    for (let i = 0, to = rows.output[k]! * line.length; i < line.length; i++, to++) {
      out[to] = out[to]! + weight * line[i]!;
    }
  }
  return out;
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
