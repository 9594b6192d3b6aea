/**
 * Local colour models of both sides of a contour: per grid cell and radius, a Gaussian per Lab channel for the
 * inside and one for the outside. Their log-odds is a quadratic in the pixel's colour, so a cell stores only
 * the quadratic's coefficients.
 */
import { everyNthToLab, type LabPlanes, labPlanes, type Photo } from "../lab.ts";
import type { Window } from "../resample.ts";

/** Seven planes `Float32Array [rows, columns]`: square L, a, b, linear L, a, b, constant. */
type Coefficients = readonly [
  l2: Float32Array,
  a2: Float32Array,
  b2: Float32Array,
  l1: Float32Array,
  a1: Float32Array,
  b1: Float32Array,
  constant: Float32Array,
];

/** Coefficients of one radius: log-odds = Σ_c (square_c·L_c² + linear_c·L_c) + constant. */
export interface ColourModel {
  readonly planes: Coefficients;
  /** Trust 0..1: both sides present, and colours agree with what SAM is sure of. */
  readonly trust: Float32Array;
}

/** The grid that the models live on. */
export interface ColourGrid {
  readonly columns: number;
  readonly rows: number;
  /** Photo pixels per grid cell. */
  readonly step: number;
}

/** Grid cells are this many low-res cells wide. */
const GRID_CELLS = 2;
/** Log-odds are clipped to ± this. */
export const MAX_LOG_ODDS = 4;
/** Slope of the sigmoid that turns a logit into a share of the object. */
const SHARPNESS = 1.5;
/** Floor of a side's share, so that an absent side has finite means. */
const SHARE_FLOOR = 1e-3;
/** Added to every variance: the photo's own noise, in Lab². */
const NOISE = 4;

/** The grid over a window for a given low-res cell size in photo pixels. */
export function colourGrid({ x0, y0, x1, y1 }: Window, cell: number): ColourGrid {
  const step = GRID_CELLS * cell;
  return { columns: Math.ceil((x1 - x0) / step), rows: Math.ceil((y1 - y0) / step), step };
}

/** Every n-th row and column of the window, with Lab colour and share of the object; see {@link sampleStep}. */
interface Samples {
  readonly share: Float32Array;
  readonly lab: LabPlanes;
  /** Samples in a row. */
  readonly width: number;
  /** First sample column of each grid column, and one past the last of all. */
  readonly starts: Int32Array;
  /** Grid row of each sample row. */
  readonly rows: Int32Array;
}

/**
 * Fits the colour models of a window.
 *
 * @param samples logits of every {@link sampleStep}-th row and column of the window, from half a step on
 * @param radii box radii in grid cells
 * @param cell low-res cell size in photo pixels
 */
export function fitColourModels(
  photo: Photo,
  window: Window,
  samples: Float32Array,
  grid: ColourGrid,
  cell: number,
  radii: readonly number[],
): ColourModel[] {
  const taken = takeSamples(photo, window, samples, grid, sampleStep(cell));
  const moments = cellMoments(taken, grid);
  return radii.map((radius) => fitModel(taken, moments, grid, radius));
}

/** Every second pixel is enough from two pixels a cell on, and two samples along a cell always. */
export function sampleStep(cell: number): number {
  return cell < 2 ? 1 : Math.max(2, Math.floor(cell / 2));
}

function takeSamples(
  photo: Photo,
  { x0, y0, x1, y1 }: Window,
  logits: Float32Array,
  grid: ColourGrid,
  step: number,
): Samples {
  const columns = sampledCells(x1 - x0, step, grid.step, grid.columns);
  const rows = sampledCells(y1 - y0, step, grid.step, grid.rows);
  const width = columns.length;
  const lab = labPlanes(logits.length);
  const first = step >> 1;
  for (let r = 0; r < rows.length; r++)
    everyNthToLab(
      photo.data,
      (y0 + first + r * step) * photo.width + x0 + first,
      step,
      r * width,
      width,
      lab,
    );
  const share = new Float32Array(logits.length);
  for (let i = 0; i < share.length; i++) share[i] = shareOf(SHARPNESS * logits[i]!);
  return { share, lab, width, starts: startsOf(columns, grid.columns), rows };
}

/** The grid column (or row) of each sampled column (or row). */
function sampledCells(size: number, step: number, gridStep: number, cells: number): Int32Array {
  const first = step >> 1;
  return Int32Array.from({ length: Math.max(0, Math.ceil((size - first) / step)) }, (_, k) =>
    Math.min(cells - 1, Math.floor((first + k * step + 0.5) / gridStep)),
  );
}

/** Where each grid column starts among ascending ones, and the end. */
function startsOf(columns: Int32Array, count: number): Int32Array {
  const starts = new Int32Array(count + 1).fill(columns.length);
  for (let k = columns.length - 1; k >= 0; k--) starts.fill(k, columns[k], columns[k]! + 1);
  for (let c = count - 1; c >= 0; c--) if (starts[c] === columns.length) starts[c] = starts[c + 1]!;
  return starts;
}

/** Sums per grid cell: of samples and of their share; per channel of L, L², p·L, p·L². */
interface Moments {
  readonly count: Float32Array;
  readonly share: Float32Array;
  /** Per channel `[all, all², inside, inside²]`. */
  readonly channels: readonly ChannelMoments[];
}

type ChannelMoments = readonly [Float32Array, Float32Array, Float32Array, Float32Array];

function cellMoments(samples: Samples, grid: ColourGrid): Moments {
  const size = grid.columns * grid.rows;
  const plane = () => new Float32Array(size);
  const count = plane();
  const share = plane();
  addCounts(samples, grid.columns, count, share);
  const channels = samples.lab.map((values) => {
    const sums = [plane(), plane(), plane(), plane()] as const;
    addMoments(samples, values, grid.columns, ...sums);
    return sums;
  });
  return { count, share, channels };
}

/** Adds the samples of every cell and their share; a row of samples has a few in each cell. */
function addCounts(
  { share, width, starts, rows }: Samples,
  columns: number,
  counts: Float32Array,
  shares: Float32Array,
): void {
  for (let r = 0; r < rows.length; r++) {
    for (let c = 0, k = rows[r]! * columns; c < columns; c++, k++) {
      const end = r * width + starts[c + 1]!;
      let sum = 0;
      for (let i = r * width + starts[c]!; i < end; i++) sum += share[i]!;
      counts[k] = counts[k]! + starts[c + 1]! - starts[c]!;
      shares[k] = shares[k]! + sum;
    }
  }
}

/** Adds a channel's values of every cell, their squares, and both times the share. */
function addMoments(
  { share, width, starts, rows }: Samples,
  values: Float32Array,
  columns: number,
  all: Float32Array,
  all2: Float32Array,
  part: Float32Array,
  part2: Float32Array,
): void {
  for (let r = 0; r < rows.length; r++) {
    for (let c = 0, k = rows[r]! * columns; c < columns; c++, k++) {
      const end = r * width + starts[c + 1]!;
      let sum = 0;
      let sum2 = 0;
      let inner = 0;
      let inner2 = 0;
      for (let i = r * width + starts[c]!; i < end; i++) {
        const v = values[i]!;
        const p = share[i]! * v;
        sum += v;
        sum2 += v * v;
        inner += p;
        inner2 += p * v;
      }
      all[k] = all[k]! + sum;
      all2[k] = all2[k]! + sum2;
      part[k] = part[k]! + inner;
      part2[k] = part2[k]! + inner2;
    }
  }
}

function fitModel(samples: Samples, moments: Moments, grid: ColourGrid, radius: number): ColourModel {
  const box = (plane: Float32Array) => boxSum(plane, grid, radius);
  const count = box(moments.count);
  for (let i = 0; i < count.length; i++) count[i] = Math.max(count[i]!, 1);
  const inside = box(moments.share);
  for (let i = 0; i < inside.length; i++) inside[i] = inside[i]! / count[i]!;
  const plane = () => new Float32Array(inside.length);
  const planes: Coefficients = [plane(), plane(), plane(), plane(), plane(), plane(), plane()];
  for (const [c, [all, all2, part, part2]] of moments.channels.entries()) {
    const sums = [box(all), box(all2), box(part), box(part2)] as const;
    addChannel(sums, count, inside, planes[c]!, planes[c + 3]!, planes[6]);
  }
  return { planes, trust: trustOf(samples, planes, inside, grid, radius) };
}

/** Writes a channel's coefficients of the log-odds, and adds its part of the constant. */
function addChannel(
  [all, all2, part, part2]: ChannelMoments,
  count: Float32Array,
  inside: Float32Array,
  square: Float32Array,
  linear: Float32Array,
  constant: Float32Array,
): void {
  for (let i = 0; i < count.length; i++) {
    const n = count[i]!;
    const inner = 1 / (n * (inside[i]! + SHARE_FLOOR));
    const outer = 1 / (n * (1 - inside[i]! + SHARE_FLOOR));
    const innerMean = part[i]! * inner;
    const outerMean = (all[i]! - part[i]!) * outer;
    const innerVariance = Math.max(0, part2[i]! * inner - innerMean * innerMean) + NOISE;
    const outerVariance = Math.max(0, (all2[i]! - part2[i]!) * outer - outerMean * outerMean) + NOISE;
    const innerLinear = innerMean / innerVariance;
    const outerLinear = outerMean / outerVariance;
    square[i] = 0.5 * (1 / outerVariance - 1 / innerVariance);
    linear[i] = innerLinear - outerLinear;
    const spread = Math.log(outerVariance / innerVariance);
    constant[i] = constant[i]! + 0.5 * (outerMean * outerLinear - innerMean * innerLinear + spread);
  }
}

/** min(1, 10·min(m_i, m_o)) · clamp(1 − 2e, 0, 1), e = disagreement of colours with what SAM is sure of. */
function trustOf(
  samples: Samples,
  planes: Coefficients,
  inside: Float32Array,
  grid: ColourGrid,
  radius: number,
): Float32Array {
  const wrong = new Float32Array(inside.length);
  const sure = new Float32Array(inside.length);
  addDoubts(samples, planes, grid.columns, wrong, sure);
  const boxedWrong = boxSum(wrong, grid, radius);
  const boxedSure = boxSum(sure, grid, radius);
  const trust = new Float32Array(inside.length);
  for (let i = 0; i < trust.length; i++) {
    const disagreement = boxedWrong[i]! / (boxedSure[i]! + SHARE_FLOOR);
    const presence = Math.min(1, 10 * Math.min(inside[i]!, 1 - inside[i]!));
    trust[i] = presence * Math.min(1, Math.max(0, 1 - 2 * disagreement));
  }
  return trust;
}

/** Adds per cell how far colours are from the shares of its samples, and how sure those are. */
function addDoubts(
  { share, lab: [lightness, a, b], width, starts, rows }: Samples,
  [l2, a2, b2, l1, a1, b1, constant]: Coefficients,
  columns: number,
  wrong: Float32Array,
  sure: Float32Array,
): void {
  for (let r = 0; r < rows.length; r++) {
    for (let c = 0, k = rows[r]! * columns; c < columns; c++, k++) {
      const end = r * width + starts[c + 1]!;
      let doubt = 0;
      let total = 0;
      for (let i = r * width + starts[c]!; i < end; i++) {
        const p = share[i]!;
        const certainty = Math.abs(2 * p - 1);
        if (certainty < 0.01) continue;
        const x = lightness[i]!;
        const y = a[i]!;
        const z = b[i]!;
        const odds =
          (l2[k]! * x + l1[k]!) * x + (a2[k]! * y + a1[k]!) * y + (b2[k]! * z + b1[k]!) * z + constant[k]!;
        doubt += certainty * Math.abs(p - shareOf(Math.min(MAX_LOG_ODDS, Math.max(-MAX_LOG_ODDS, odds))));
        total += certainty;
      }
      wrong[k] = wrong[k]! + doubt;
      sure[k] = sure[k]! + total;
    }
  }
}

/** Sums over (2·radius + 1)² grid cells, the border reflected. */
function boxSum(plane: Float32Array, { columns, rows }: ColourGrid, radius: number): Float32Array {
  const wide = new Float32Array(plane.length);
  const line = new Float64Array(Math.max(columns, rows) + 2 * radius);
  for (let r = 0; r < rows; r++) slideSum(plane, wide, r * columns, columns, 1, radius, line);
  const out = new Float32Array(plane.length);
  for (let c = 0; c < columns; c++) slideSum(wide, out, c, rows, columns, radius, line);
  return out;
}

/** A running sum along one line, which is first copied with its reflected ends. */
function slideSum(
  source: Float32Array,
  out: Float32Array,
  start: number,
  length: number,
  stride: number,
  radius: number,
  line: Float64Array,
): void {
  for (let p = 0; p < length; p++) line[p + radius] = source[start + p * stride]!;
  for (let p = 1; p <= radius; p++) {
    line[radius - p] = source[start + reflect(-p, length) * stride]!;
    line[radius + length - 1 + p] = source[start + reflect(length - 1 + p, length) * stride]!;
  }
  let sum = 0;
  for (let p = 0; p < 2 * radius; p++) sum += line[p]!;
  for (let p = 0; p < length; p++) {
    sum += line[p + 2 * radius]!;
    out[start + p * stride] = sum;
    sum -= line[p]!;
  }
}

/** Position mirrored into `[0, length)`, the border pixel not repeated. */
function reflect(position: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const p = ((position % period) + period) % period;
  return p < length ? p : period - p;
}

/** The table of {@link shareOf} reaches from −16 to 16, 256 entries a unit, and one to spare. */
const SHARE_REACH = 16;
const SHARE_STEPS = 256;
const SHARES = Float32Array.from({ length: 2 * SHARE_REACH * SHARE_STEPS + 2 }, (_, i) =>
  sigmoid(i / SHARE_STEPS - SHARE_REACH),
);

/** {@link sigmoid} from a table, to 3e-7: what 32-bit shares hold. */
export function shareOf(logit: number): number {
  const position = (Math.min(SHARE_REACH, Math.max(-SHARE_REACH, logit)) + SHARE_REACH) * SHARE_STEPS;
  const i = position | 0;
  const low = SHARES[i]!;
  return low + (SHARES[i + 1]! - low) * (position - i);
}

/** 1 / (1 + e^−v). */
export function sigmoid(v: number): number {
  return 1 / (1 + Math.exp(-v));
}
