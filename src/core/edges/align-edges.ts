/** The edge step of the default preset: moves the contour to where local colours change. */
import { type Frame, lowResCell } from "../frame.ts";
import { type Photo, toLab } from "../lab.ts";
import type { LogitWindow } from "../upscale.ts";
import { type ContourBand, contourBand } from "./contour-band.ts";
import {
  type ColourGrid,
  type ColourModel,
  colourGrid,
  fitColourModels,
  MAX_LOG_ODDS,
  sigmoid,
} from "./local-colour.ts";
import { smoothBand } from "./smooth-band.ts";

/** Radii of the colour models in grid cells of two low-res cells. */
const RADII = [2, 6] as const;
/** Weight of the colours' log-odds against SAM's logits. */
const COLOUR_GAIN = 1.5;
/** The contour may move this many low-res cells. */
const REACH = 4;
/** Smoothing runs on a band this many cells to each side, beyond the reach of its filter. */
const BAND = 8;
/** Smoothing strength per squared cell. */
const SMOOTHNESS = 5;

/** Photo pixels of context that {@link alignEdges} wants around the positive logits. */
export function edgeMargin(frame: Frame): number {
  return Math.ceil(12 * lowResCell(frame)) + 8;
}

/**
 * Sharpens upscaled logits by the photo: local colour models of both sides vote within four low-res cells of
 * the contour, then the result is smoothed along the photo's own edges. Farther away nothing changes.
 *
 * @param lowRes `Float32Array [256, 256]` the logits before upscaling
 * @param logits the same logits upscaled, with {@link edgeMargin} around them
 * @returns logits of the same window
 */
export function alignEdges(
  photo: Photo,
  lowRes: Float32Array,
  logits: LogitWindow,
  frame: Frame,
): LogitWindow {
  const cell = lowResCell(frame);
  const grid = colourGrid(logits, cell);
  const models = fitColourModels(photo, logits, grid, cell, RADII);
  const band = contourBand(lowRes, frame, logits);
  const { share, active } = colourVote(photo, logits, band, grid, models);
  smoothBand(share, active, photo, logits, SMOOTHNESS * cell * cell);
  return { ...logits, data: merge(logits, share, band) };
}

/** σ(logit + votes) on the band. */
function colourVote(
  photo: Photo,
  logits: LogitWindow,
  band: ContourBand,
  grid: ColourGrid,
  models: readonly ColourModel[],
): { share: Float32Array; active: Uint8Array } {
  const width = logits.x1 - logits.x0;
  const height = logits.y1 - logits.y0;
  const share = new Float32Array(width * height);
  const active = new Uint8Array(width * height);
  const row = new GridRow(grid, models);
  const rgb = new Uint8Array(width * 3);
  const lab = [new Float32Array(width), new Float32Array(width), new Float32Array(width)] as const;
  for (let y = 0; y < height; y++) {
    const [from, to] = activeSpan(band, y, width, active);
    if (from >= to) continue;
    const at = ((y + logits.y0) * photo.width + logits.x0 + from) * 3;
    rgb.set(photo.data.subarray(at, at + (to - from) * 3));
    toLab(rgb, to - from, lab);
    row.moveTo(y);
    for (let x = from; x < to; x++) {
      const i = y * width + x;
      if (active[i] === 0) continue;
      const k = x - from;
      share[i] = sigmoid(logits.data[i]! + COLOUR_GAIN * row.vote(x, lab[0][k]!, lab[1][k]!, lab[2][k]!));
    }
  }
  return { share, active };
}

/** Marks the band's pixels of one row; returns the span that holds them, `[from, to)`. */
function activeSpan(
  { squared, columns, rows }: ContourBand,
  y: number,
  width: number,
  active: Uint8Array,
): [number, number] {
  const cells = rows[y]! * 256;
  let from = width;
  let to = 0;
  for (let x = 0; x < width; x++) {
    if (squared[cells + columns[x]!]! > BAND * BAND) continue;
    active[y * width + x] = 1;
    if (x < from) from = x;
    to = x + 1;
  }
  return [from, to];
}

/** Numbers of one model at one grid column: seven coefficients and the trust. */
const MODEL = 8;

/** The models' coefficients along one photo row: interpolated vertically once, horizontally per pixel. */
class GridRow {
  readonly #grid: ColourGrid;
  readonly #planes: readonly Float32Array[];
  /** `[columns, models, 8]`. */
  readonly #line: Float32Array;

  constructor(grid: ColourGrid, models: readonly ColourModel[]) {
    this.#grid = grid;
    this.#planes = models.flatMap(({ planes, trust }) => [...planes, trust]);
    this.#line = new Float32Array(grid.columns * this.#planes.length);
  }

  moveTo(y: number): void {
    const { columns, rows, step } = this.#grid;
    const [top, bottom, share] = between(y, step, rows);
    const stride = this.#planes.length;
    this.#planes.forEach((plane, p) => {
      for (let c = 0, to = p; c < columns; c++, to += stride) {
        const a = plane[top * columns + c]!;
        this.#line[to] = a + share * (plane[bottom * columns + c]! - a);
      }
    });
  }

  /** Σ over radii of trust × clipped log-odds. */
  vote(x: number, l: number, a: number, b: number): number {
    const line = this.#line;
    const stride = this.#planes.length;
    const position = Math.min(this.#grid.columns - 1, Math.max(0, (x + 0.5) / this.#grid.step - 0.5));
    const column = Math.floor(position);
    const f = position - column;
    const g = 1 - f;
    let i = column * stride;
    let j = column + 1 < this.#grid.columns ? i + stride : i;
    let sum = 0;
    for (const end = i + stride; i < end; i += MODEL, j += MODEL) {
      const trust = g * line[i + 7]! + f * line[j + 7]!;
      if (trust <= 0) continue;
      const z =
        ((g * line[i]! + f * line[j]!) * l + g * line[i + 3]! + f * line[j + 3]!) * l +
        ((g * line[i + 1]! + f * line[j + 1]!) * a + g * line[i + 4]! + f * line[j + 4]!) * a +
        ((g * line[i + 2]! + f * line[j + 2]!) * b + g * line[i + 5]! + f * line[j + 5]!) * b +
        g * line[i + 6]! +
        f * line[j + 6]!;
      sum += trust * Math.min(MAX_LOG_ODDS, Math.max(-MAX_LOG_ODDS, z));
    }
    return sum;
  }
}

/** Neighbouring grid lines of a photo position and the share of the second. */
function between(
  position: number,
  step: number,
  count: number,
): [first: number, second: number, share: number] {
  const p = Math.min(count - 1, Math.max(0, (position + 0.5) / step - 0.5));
  const first = Math.floor(p);
  return [first, Math.min(count - 1, first + 1), p - first];
}

/** Near the contour the smoothed share decides, elsewhere SAM's logit. */
function merge(
  logits: LogitWindow,
  share: Float32Array,
  { squared, columns, rows }: ContourBand,
): Float32Array {
  const width = columns.length;
  const out = logits.data.slice();
  for (let y = 0; y < rows.length; y++) {
    const cells = rows[y]! * 256;
    for (let x = 0; x < width; x++) {
      if (squared[cells + columns[x]!]! > REACH * REACH) continue;
      const p = Math.min(1 - 1e-6, Math.max(1e-6, share[y * width + x]!));
      out[y * width + x] = Math.log(p / (1 - p));
    }
  }
  return out;
}
