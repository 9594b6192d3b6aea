/** The edge step of the default preset: moves the contour to where local colours change. */
import { type Frame, lowResCell } from "../frame.ts";
import { bytesToLab, type LabPlanes, labPlanes, type Photo } from "../lab.ts";
import type { Window } from "../resample.ts";
import { scratchFloats, scratchZeros } from "../scratch.ts";
import { forEachRun, OPEN, POSITIVE } from "../sign-cells.ts";
import {
  everyNth,
  type Interpolation,
  type LogitWindow,
  type SparseLogits,
  upscaleEveryNth,
  upscaleWhereOpen,
} from "../upscale.ts";
import { type ContourBand, contourBand } from "./contour-band.ts";
import {
  type ColourGrid,
  type ColourModel,
  colourGrid,
  fitColourModels,
  MAX_LOG_ODDS,
  sampleStep,
  shareOf,
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
  const band = contourBand(lowRes, frame, logits);
  const share = edgeShares(photo, logits, everyNth(logits, sampleStep(cell)), band, cell);
  return { ...logits, data: mergedLogits(logits, share, band) };
}

/**
 * The mask of positive logits that {@link alignEdges} would give. Logits are upscaled only near the contour, where
 * colours vote; elsewhere their sign is known without.
 *
 * @param window part of the photo, with {@link edgeMargin} around the positive logits
 * @returns `Uint8Array [y1 - y0, x1 - x0]`, 0 or 1
 */
export function alignedMask(
  photo: Photo,
  lowRes: Float32Array,
  frame: Frame,
  interpolation: Interpolation,
  window: Window,
): Uint8Array {
  const cell = lowResCell(frame);
  const band = contourBand(lowRes, frame, window);
  const inBand = (i: number): boolean => band.squared[i]! <= BAND * BAND;
  const logits = upscaleWhereOpen(lowRes, frame, interpolation, window, inBand);
  const samples = upscaleEveryNth(lowRes, frame, interpolation, window, sampleStep(cell));
  return mergedMask(logits, edgeShares(photo, logits, samples, band, cell), band);
}

/** The smoothed share of the object, `Float32Array [y1 - y0, x1 - x0]`; anything outside the band. */
function edgeShares(
  photo: Photo,
  logits: LogitWindow,
  samples: Float32Array,
  band: ContourBand,
  cell: number,
): Float32Array {
  const grid = colourGrid(logits, cell);
  const models = fitColourModels(photo, logits, samples, grid, cell, RADII);
  const { share, active } = colourVote(photo, logits, band, grid, models);
  smoothBand(share, active, photo, logits, SMOOTHNESS * cell * cell);
  return share;
}

/** What happens to a cell of the band. */
const SMOOTHED = 1;
const VOTED = 2;

/** σ(logit + votes) on the band. */
function colourVote(
  photo: Photo,
  { x0, y0, x1, y1, data }: LogitWindow,
  band: ContourBand,
  grid: ColourGrid,
  models: readonly ColourModel[],
): { share: Float32Array; active: Uint8Array } {
  const width = x1 - x0;
  const share = scratchFloats("share", width * (y1 - y0));
  const active = scratchZeros("active", width * (y1 - y0));
  const row = new GridRow(grid, models, width);
  const lab = labPlanes(width);
  let current = -1;
  forEachRun(bandKinds(band), band, (y, kind, from, to) => {
    if (kind !== SMOOTHED && kind !== VOTED) return;
    const end = y * width + to;
    let i = y * width + from;
    active.fill(1, i, end);
    if (kind === SMOOTHED) {
      for (; i < end; i++) share[i] = shareOf(data[i]!);
      return;
    }
    if (y !== current) row.moveTo(y);
    current = y;
    bytesToLab(photo.data, (y + y0) * photo.width + x0 + from, to - from, lab);
    row.vote(from, to, lab, share, i);
    for (; i < end; i++) share[i] = shareOf(data[i]! + COLOUR_GAIN * share[i]!);
  });
  return { share, active };
}

/** `Uint8Array [256, 256]`: {@link VOTED} near the contour, {@link SMOOTHED} around that, 0 elsewhere. */
function bandKinds({ squared }: ContourBand): Uint8Array {
  const kinds = new Uint8Array(squared.length);
  for (let i = 0; i < kinds.length; i++) {
    if (squared[i]! <= BAND * BAND) kinds[i] = squared[i]! <= VOTE * VOTE ? VOTED : SMOOTHED;
  }
  return kinds;
}

/** Numbers of one model at one grid column: seven coefficients and the trust. */
const MODEL = 8;

/** The models' coefficients along one photo row: interpolated vertically once, horizontally per pixel. */
class GridRow {
  readonly #grid: ColourGrid;
  /** `[rows, columns, models, 8]`. */
  readonly #models: Float32Array;
  /** `[columns, models, 8]`. */
  readonly #line: Float32Array;
  /** Grid position of each column of the window. */
  readonly #positions: Float64Array;

  constructor(grid: ColourGrid, models: readonly ColourModel[], width: number) {
    this.#grid = grid;
    this.#models = interleaved(models);
    this.#line = new Float32Array(grid.columns * models.length * MODEL);
    this.#positions = Float64Array.from({ length: width }, (_, x) =>
      Math.min(grid.columns - 1, Math.max(0, (x + 0.5) / grid.step - 0.5)),
    );
  }

  moveTo(y: number): void {
    const { rows, step } = this.#grid;
    const [top, bottom, share] = between(y, step, rows);
    const line = this.#line;
    const models = this.#models;
    let above = top * line.length;
    let below = bottom * line.length;
    for (let i = 0; i < line.length; i++, above++, below++)
      line[i] = models[above]! + share * (models[below]! - models[above]!);
  }

  /** Writes Σ over radii of trust × clipped log-odds for columns `[from, to)`, whose colours start the planes. */
  vote(
    from: number,
    to: number,
    [lightness, red, yellow]: LabPlanes,
    out: Float32Array,
    offset: number,
  ): void {
    const line = this.#line;
    const stride = line.length / this.#grid.columns;
    for (let x = from, k = 0; x < to; x++, k++) {
      const column = this.#positions[x]! | 0;
      const f = this.#positions[x]! - column;
      const i = column * stride;
      const j = column + 1 < this.#grid.columns ? i + stride : i;
      const l = lightness[k]!;
      const a = red[k]!;
      const b = yellow[k]!;
      let sum = 0;
      for (let m = 0; m < stride; m += MODEL) sum += trustedOdds(line, i + m, j + m, f, l, a, b);
      out[offset + k] = sum;
    }
  }
}

/** The numbers of a grid cell side by side, `Float32Array [rows, columns, models, 8]`. */
function interleaved(models: readonly ColourModel[]): Float32Array {
  const planes = models.flatMap(({ planes, trust }) => [...planes, trust]);
  const out = new Float32Array(planes[0]!.length * planes.length);
  for (const [p, plane] of planes.entries())
    for (let i = 0, to = p; i < plane.length; i++, to += planes.length) out[to] = plane[i]!;
  return out;
}

/** Trust × clipped log-odds of one model between two grid columns; `f` is the share of the second. */
function trustedOdds(
  line: Float32Array,
  i: number,
  j: number,
  f: number,
  l: number,
  a: number,
  b: number,
): number {
  const g = 1 - f;
  const trust = g * line[i + 7]! + f * line[j + 7]!;
  if (trust <= 0) return 0;
  // Log-odds are linear in the coefficients: between two columns they are between theirs.
  const z = g * oddsAt(line, i, l, a, b) + f * oddsAt(line, j, l, a, b);
  return trust * Math.min(MAX_LOG_ODDS, Math.max(-MAX_LOG_ODDS, z));
}

function oddsAt(line: Float32Array, i: number, l: number, a: number, b: number): number {
  return (
    (line[i]! * l + line[i + 3]!) * l +
    (line[i + 1]! * a + line[i + 4]!) * a +
    (line[i + 2]! * b + line[i + 5]!) * b +
    line[i + 6]!
  );
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
function mergedLogits(logits: LogitWindow, share: Float32Array, band: ContourBand): Float32Array {
  const width = band.columns.length;
  const out = logits.data.slice();
  const reached = band.squared.map((v) => (v <= REACH * REACH ? 1 : 0));
  forEachRun(Uint8Array.from(reached), band, (y, kind, from, to) => {
    if (kind === 0) return;
    for (let i = y * width + from; i < y * width + to; i++) {
      const p = Math.min(1 - 1e-6, Math.max(1e-6, share[i]!));
      out[i] = Math.log(p / (1 - p));
    }
  });
  return out;
}

/** A fourth kind of cell besides those of `sign-cells.ts`: the share decides. */
const REACHED = 3;

/** As {@link mergedLogits}, but only the signs. */
function mergedMask({ data, kinds }: SparseLogits, share: Float32Array, band: ContourBand): Uint8Array {
  const width = band.columns.length;
  const mask = new Uint8Array(width * band.rows.length);
  const deciding = kinds.map((kind, i) => (band.squared[i]! <= REACH * REACH ? REACHED : kind));
  forEachRun(deciding, band, (y, kind, from, to) => {
    const start = y * width;
    if (kind === POSITIVE) mask.fill(1, start + from, start + to);
    if (kind < OPEN) return;
    const values = kind === REACHED ? share : data;
    const threshold = kind === REACHED ? 0.5 : 0;
    for (let i = start + from; i < start + to; i++) if (values[i]! > threshold) mask[i] = 1;
  });
  return mask;
}
