/** From the decoder's low-res logits to photo pixels. */
import { OptionError } from "./errors.ts";
import { ENCODER_SIZE, type Frame, LOW_RES_SIZE } from "./frame.ts";
import type { Mask } from "./mask.ts";
import { paintSigns } from "./paint-signs.ts";
import {
  type Axis,
  composeAxes,
  cropAxis,
  cubicAxis,
  linearAxis,
  RowResampler,
  resample,
  thinAxis,
  type Window,
} from "./resample.ts";
import { scratchFloats } from "./scratch.ts";
import { forEachRun, OPEN, signCells, windowCells } from "./sign-cells.ts";

/** Interpolation used in both steps (256 → 1024 frame, frame → photo). */
export type Interpolation = "bilinear" | "bicubic";

/** Logits of a part of the photo. */
export interface LogitWindow extends Window {
  /** `Float32Array [y1 - y0, x1 - x0]` row-major. */
  readonly data: Float32Array;
}

/**
 * Resizes low-res logits to photo pixels: 256 → 1024, the padding cut off, then to the photo's size.
 *
 * @param lowRes `Float32Array [256, 256]` row-major
 * @param window part of the photo; the whole photo when absent
 * @throws {OptionError} for logits of another size, or an unknown interpolation
 */
export function upscaleLogits(
  lowRes: Float32Array,
  frame: Frame,
  interpolation: Interpolation,
  window: Window = { x0: 0, y0: 0, x1: frame.width, y1: frame.height },
): LogitWindow {
  checkUpscale(lowRes, interpolation);
  const { columns, rows } = photoAxes(frame, interpolation);
  return { ...window, data: resample(lowRes, LOW_RES_SIZE, columns, rows, window) };
}

/**
 * The photo-sized mask of positive upscaled logits; as {@link upscaleLogits}, without keeping them.
 *
 * @throws {OptionError} for logits of another size, or an unknown interpolation
 */
export function upscaleMask(lowRes: Float32Array, frame: Frame, interpolation: Interpolation): Mask {
  checkUpscale(lowRes, interpolation);
  const data = new Uint8Array(frame.width * frame.height);
  paintPositive(lowRes, frame, interpolation, data);
  return { width: frame.width, height: frame.height, data };
}

function checkUpscale({ length }: Float32Array, interpolation: Interpolation): void {
  if (length !== LOW_RES_SIZE * LOW_RES_SIZE)
    throw new OptionError(`There are ${length} low-res logits: expected ${LOW_RES_SIZE} × ${LOW_RES_SIZE}`);
  if (interpolation !== "bilinear" && interpolation !== "bicubic")
    throw new OptionError(`Unknown interpolation "${interpolation}": expected bilinear or bicubic`);
}

/**
 * As {@link upscaleMask}, into a mask that may hold more already.
 *
 * @param data `[height, width]` of the photo: takes a 1 where logits are positive, and stays as it is elsewhere
 */
export function paintPositive(
  lowRes: Float32Array,
  frame: Frame,
  interpolation: Interpolation,
  data: Uint8Array,
): void {
  const window = positiveWindow(lowRes, frame, 0);
  if (window === undefined) return;
  const { columns, rows } = photoAxes(frame, interpolation);
  const cells = windowCells(frame, window);
  const kinds = signCells(lowRes, columns, rows);
  const start = window.y0 * frame.width + window.x0;
  paintSigns({ lowRes, columns, rows, window, cells, kinds }, data, frame.width, start);
}

/** Logits of a window that are worked out only where somebody reads more than their sign. */
export interface SparseLogits extends Window {
  /** `Float32Array [y1 - y0, x1 - x0]`: anything where `kinds` is certain. Reused by the next call. */
  readonly data: Float32Array;
  /** `Uint8Array [256, 256]` of `sign-cells.ts`, `OPEN` where `data` holds logits. */
  readonly kinds: Uint8Array;
}

/**
 * As {@link upscaleLogits}, but without the values in cells whose sign is certain.
 *
 * @param wanted `Uint8Array [256, 256]`, 1 for cells whose values are wanted in any case
 */
export function upscaleWhereOpen(
  lowRes: Float32Array,
  frame: Frame,
  interpolation: Interpolation,
  window: Window,
  wanted: Uint8Array,
): SparseLogits {
  const { columns, rows } = photoAxes(frame, interpolation);
  const cells = windowCells(frame, window);
  const kinds = signCells(lowRes, columns, rows).slice();
  for (let i = 0; i < kinds.length; i++) if (wanted[i] === 1) kinds[i] = OPEN;
  const width = window.x1 - window.x0;
  const data = scratchFloats("sparse logits", width * (window.y1 - window.y0));
  const resampler = new RowResampler(lowRes, LOW_RES_SIZE, columns, rows, window);
  forEachRun(kinds, cells, (row, kind, from, to) => {
    if (kind === OPEN) resampler.row(window.y0 + row, from, to, data, row * width + from);
  });
  return { ...window, data, kinds };
}

/** Every `step`-th row and column of a window, from half a step on. */
export function everyNth({ x0, y0, x1, y1, data }: LogitWindow, step: number): Float32Array {
  const width = x1 - x0;
  const out: number[] = [];
  for (let y = step >> 1; y < y1 - y0; y += step)
    for (let x = step >> 1; x < width; x += step) out.push(data[y * width + x]!);
  return Float32Array.from(out);
}

/** What {@link everyNth} would take from {@link upscaleLogits}, without the logits between. */
export function upscaleEveryNth(
  lowRes: Float32Array,
  frame: Frame,
  interpolation: Interpolation,
  { x0, y0, x1, y1 }: Window,
  step: number,
): Float32Array {
  const { columns, rows } = photoAxes(frame, interpolation);
  const across = thinAxis(columns, x0 + (step >> 1), x1, step);
  const down = thinAxis(rows, y0 + (step >> 1), y1, step);
  const all = { x0: 0, y0: 0, x1: across.outputs, y1: down.outputs };
  return resample(lowRes, LOW_RES_SIZE, across, down, all);
}

/**
 * The part of the photo outside which upscaled logits are not positive, widened by `margin` photo pixels;
 * `undefined` when none is positive.
 */
export function positiveWindow(lowRes: Float32Array, frame: Frame, margin: number): Window | undefined {
  let x0 = LOW_RES_SIZE;
  let y0 = LOW_RES_SIZE;
  let x1 = -1;
  let y1 = -1;
  for (let i = 0; i < lowRes.length; i++) {
    if (lowRes[i]! <= 0) continue;
    const x = i % LOW_RES_SIZE;
    const y = (i - x) / LOW_RES_SIZE;
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    y1 = y;
  }
  if (x1 < 0) return undefined;
  // Bicubic support reaches two cells beyond a sample.
  const toX = (cell: number) => (cell * 4 * frame.width) / frame.scaledWidth;
  const toY = (cell: number) => (cell * 4 * frame.height) / frame.scaledHeight;
  const window = {
    x0: Math.max(0, Math.floor(toX(x0 - 2) - margin)),
    y0: Math.max(0, Math.floor(toY(y0 - 2) - margin)),
    x1: Math.min(frame.width, Math.ceil(toX(x1 + 3) + margin)),
    y1: Math.min(frame.height, Math.ceil(toY(y1 + 3) + margin)),
  };
  // Cells of the padding may be positive without any photo pixel seeing them.
  return window.x0 < window.x1 && window.y0 < window.y1 ? window : undefined;
}

/** The axes from the low-res grid to the photo's pixels. */
export function photoAxes(frame: Frame, interpolation: Interpolation): { columns: Axis; rows: Axis } {
  return {
    columns: photoAxis(frame.scaledWidth, frame.width, interpolation),
    rows: photoAxis(frame.scaledHeight, frame.height, interpolation),
  };
}

const axes = new Map<string, Axis>();

function photoAxis(scaled: number, size: number, interpolation: Interpolation): Axis {
  const key = `${scaled}/${size}/${interpolation}`;
  let axis = axes.get(key);
  if (axis === undefined) {
    const step = interpolation === "bicubic" ? cubicAxis : linearAxis;
    axis = composeAxes(cropAxis(step(LOW_RES_SIZE, ENCODER_SIZE), scaled), step(scaled, size));
    if (axes.size > 64) axes.clear();
    axes.set(key, axis);
  }
  return axis;
}
