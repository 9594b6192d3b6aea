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
import { type ContourBand, cellsWithin, contourBand } from "./contour-band.ts";
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
  const logits = upscaleWhereOpen(lowRes, frame, interpolation, window, cellsWithin(band, BAND));
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
  forEachRun(bandKinds(band), band, (y, kind, from, to) => {
    if (kind !== SMOOTHED && kind !== VOTED) return;
    const end = y * width + to;
    let i = y * width + from;
    active.fill(1, i, end);
    if (kind === SMOOTHED) {
      for (; i < end; i++) share[i] = shareOf(data[i]!);
      return;
    }
    bytesToLab(photo.data, (y + y0) * photo.width + x0 + from, to - from, lab);
    row.vote(y, from, to, lab, share, i);
    for (; i < end; i++) share[i] = shareOf(data[i]! + COLOUR_GAIN * share[i]!);
  });
  return { share, active };
}

/** `Uint8Array [256, 256]`: {@link VOTED} near the contour, {@link SMOOTHED} around that, 0 elsewhere. */
function bandKinds(band: ContourBand): Uint8Array {
  const kinds = cellsWithin(band, BAND);
  const near = cellsWithin(band, VOTE);
  // Smoothed and voted are 1 and 2.
  for (let i = 0; i < kinds.length; i++) kinds[i] = kinds[i]! + near[i]!;
  return kinds;
}

/** Numbers of one model at one grid column: seven coefficients and the trust. */
const MODEL = 8;

/** The models' coefficients along one photo row: interpolated vertically per grid column, horizontally per pixel. */
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
      gridPosition(x, grid.step, grid.columns),
    );
  }

  /**
   * Writes Σ over radii of trust × clipped log-odds for columns `[from, to)` of row `y`, whose colours start the planes.
   *
   * @param out takes column `from` at `offset`
   */
  vote(y: number, from: number, to: number, lab: LabPlanes, out: Float32Array, offset: number): void {
    const positions = this.#positions;
    const line = this.#line;
    const last = this.#grid.columns - 1;
    const stride = line.length / this.#grid.columns;
    this.#moveTo(y, Math.floor(positions[from]!), Math.min(last, Math.floor(positions[to - 1]!) + 1));
    out.fill(0, offset, offset + to - from);
    for (let x = from, end = from; x < to; x = end) {
      const column = Math.floor(positions[x]!);
      while (end < to && Math.floor(positions[end]!) === column) end++;
      const here = column * stride;
      const next = Math.min(last, column + 1) * stride;
      for (let m = 0; m < stride; m += MODEL)
        addVotes(line, here + m, next + m, positions, x, end, lab, x - from, out, offset + x - from);
    }
  }

  /** Interpolates the grid columns `first` to `last`. */
  #moveTo(y: number, first: number, last: number): void {
    const { columns, rows, step } = this.#grid;
    const position = gridPosition(y, step, rows);
    const top = Math.floor(position);
    const share = position - top;
    const line = this.#line;
    const models = this.#models;
    const stride = line.length / columns;
    const from = first * stride;
    let above = top * line.length + from;
    let below = Math.min(rows - 1, top + 1) * line.length + from;
    for (let i = from; i < (last + 1) * stride; i++, above++, below++)
      line[i] = models[above]! + share * (models[below]! - models[above]!);
  }
}

/** Where the middle of a photo column (or row) lies between the middles of grid columns. */
function gridPosition(position: number, step: number, count: number): number {
  return Math.min(count - 1, Math.max(0, (position + 0.5) / step - 0.5));
}

/** The numbers of a grid cell side by side, `Float32Array [rows, columns, models, 8]`. */
function interleaved(models: readonly ColourModel[]): Float32Array {
  const planes = models.flatMap(({ planes, trust }) => [...planes, trust]);
  const out = new Float32Array(planes[0]!.length * planes.length);
  for (const [p, plane] of planes.entries())
    for (let i = 0, to = p; i < plane.length; i++, to += planes.length) out[to] = plane[i]!;
  return out;
}

/**
 * Adds one model's trust × clipped log-odds for columns `[x, end)`, between two grid columns whose numbers start at `i`
 * and `j`. Log-odds are linear in the coefficients: those of the difference, times the share of the second, are added.
 */
function addVotes(
  line: Float32Array,
  i: number,
  j: number,
  positions: Float64Array,
  x: number,
  end: number,
  [lightness, red, yellow]: LabPlanes,
  colour: number,
  out: Float32Array,
  to: number,
): void {
  const l2 = line[i]!;
  const a2 = line[i + 1]!;
  const b2 = line[i + 2]!;
  const l1 = line[i + 3]!;
  const a1 = line[i + 4]!;
  const b1 = line[i + 5]!;
  const constant = line[i + 6]!;
  const trust = line[i + 7]!;
  const dl2 = line[j]! - l2;
  const da2 = line[j + 1]! - a2;
  const db2 = line[j + 2]! - b2;
  const dl1 = line[j + 3]! - l1;
  const da1 = line[j + 4]! - a1;
  const db1 = line[j + 5]! - b1;
  const dConstant = line[j + 6]! - constant;
  const dTrust = line[j + 7]! - trust;
  const column = Math.floor(positions[x]!);
  for (; x < end; x++, colour++, to++) {
    const f = positions[x]! - column;
    const l = lightness[colour]!;
    const a = red[colour]!;
    const b = yellow[colour]!;
    const odds = (l2 * l + l1) * l + (a2 * a + a1) * a + (b2 * b + b1) * b + constant;
    const change = (dl2 * l + dl1) * l + (da2 * a + da1) * a + (db2 * b + db1) * b + dConstant;
    const clipped = Math.min(MAX_LOG_ODDS, Math.max(-MAX_LOG_ODDS, odds + f * change));
    out[to] = out[to]! + (trust + f * dTrust) * clipped;
  }
}

/** Near the contour the smoothed share decides, elsewhere SAM's logit. */
function mergedLogits(logits: LogitWindow, share: Float32Array, band: ContourBand): Float32Array {
  const width = band.columns.length;
  const out = logits.data.slice();
  forEachRun(cellsWithin(band, REACH), band, (y, kind, from, to) => {
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
  const reached = cellsWithin(band, REACH);
  for (let i = 0; i < reached.length; i++) reached[i] = reached[i] === 1 ? REACHED : kinds[i]!;
  forEachRun(reached, band, (y, kind, from, to) => {
    const start = y * width;
    if (kind === POSITIVE) mask.fill(1, start + from, start + to);
    if (kind < OPEN) return;
    const values = kind === REACHED ? share : data;
    const threshold = kind === REACHED ? 0.5 : 0;
    for (let i = start + from; i < start + to; i++) if (values[i]! > threshold) mask[i] = 1;
  });
  return mask;
}
