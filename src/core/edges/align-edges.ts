/** The edge step of the default preset: moves the contour to where local colours change. */
import { type Frame, LOW_RES_SIZE, lowResCell } from "../frame.ts";
import { type Photo, toLab } from "../lab.ts";
import { scratchFloats, scratchZeros } from "../scratch.ts";
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
/** Colours vote this many cells to each side: what the smoother carries from one cell beyond the reach still counts. */
const VOTE = 5;
/** The smoother runs on a band this many cells to each side; its weights have faded by then. */
const BAND = 6;
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
  const share = scratchFloats("share", width * height);
  const active = scratchZeros("active", width * height);
  const row = new GridRow(grid, models);
  const near = new NearPixels(photo, width);
  for (let y = 0; y < height; y++) {
    near.collect(band, y, logits, share, active);
    if (near.count === 0) continue;
    row.moveTo(y);
    const [lightness, a, b] = near.lab;
    for (let k = 0; k < near.count; k++) {
      const x = near.columns[k]!;
      const vote = row.vote(x, lightness[k]!, a[k]!, b[k]!);
      const i = y * width + x;
      share[i] = sigmoid(logits.data[i]! + COLOUR_GAIN * vote);
    }
  }
  return { share, active };
}

/** The pixels of one row on which colours vote, with their colours. */
class NearPixels {
  readonly columns: Int32Array;
  readonly lab: readonly [Float32Array, Float32Array, Float32Array];
  count = 0;
  readonly #photo: Photo;
  readonly #rgb: Uint8Array;

  constructor(photo: Photo, width: number) {
    this.#photo = photo;
    this.columns = new Int32Array(width);
    this.#rgb = new Uint8Array(width * 3);
    this.lab = [new Float32Array(width), new Float32Array(width), new Float32Array(width)];
  }

  /** Marks the band's pixels of a row as active; those too far to vote get the share of their logit. */
  collect(band: ContourBand, y: number, logits: LogitWindow, share: Float32Array, active: Uint8Array): void {
    const { squared, columns, rows } = band;
    const cells = rows[y]! * LOW_RES_SIZE;
    const { data, width } = this.#photo;
    const offset = (y + logits.y0) * width + logits.x0;
    this.count = 0;
    for (let x = 0, i = y * columns.length; x < columns.length; x++, i++) {
      const distance = squared[cells + columns[x]!]!;
      if (distance > BAND * BAND) continue;
      active[i] = 1;
      if (distance > VOTE * VOTE) {
        share[i] = sigmoid(logits.data[i]!);
        continue;
      }
      const from = (offset + x) * 3;
      const to = this.count * 3;
      this.#rgb[to] = data[from]!;
      this.#rgb[to + 1] = data[from + 1]!;
      this.#rgb[to + 2] = data[from + 2]!;
      this.columns[this.count++] = x;
    }
    toLab(this.#rgb, this.count, this.lab);
  }
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
    const cells = rows[y]! * LOW_RES_SIZE;
    for (let x = 0; x < width; x++) {
      if (squared[cells + columns[x]!]! > REACH * REACH) continue;
      const p = Math.min(1 - 1e-6, Math.max(1e-6, share[y * width + x]!));
      out[y * width + x] = Math.log(p / (1 - p));
    }
  }
  return out;
}
