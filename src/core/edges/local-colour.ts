/**
 * Local colour models of both sides of a contour: per grid cell and radius, a Gaussian per Lab channel for the
 * inside and one for the outside. Their log-odds is a quadratic in the pixel's colour, so a cell stores only
 * the quadratic's coefficients.
 */
import { bytesToLab, labPlanes, type Photo } from "../lab.ts";
import type { Window } from "../resample.ts";

/** Coefficients of one radius: log-odds = Σ_c (square_c·L_c² + linear_c·L_c) + constant. */
export interface ColourModel {
  /** Seven planes `Float32Array [rows, columns]`: square L, a, b, linear L, a, b, constant. */
  readonly planes: readonly Float32Array[];
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

/** Samples of the window, with their Lab colour and share of the object. */
interface Samples {
  readonly count: number;
  readonly cell: Int32Array;
  readonly share: Float32Array;
  readonly lab: readonly [Float32Array, Float32Array, Float32Array];
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
  const cell = new Int32Array(logits.length);
  const rgb = new Uint8Array(logits.length * 3);
  const first = step >> 1;
  let count = 0;
  for (let r = 0; r < rows.length; r++) {
    const gridRow = rows[r]! * grid.columns;
    let from = ((first + r * step + y0) * photo.width + first + x0) * 3;
    for (let c = 0; c < columns.length; c++, count++, from += 3 * step) {
      cell[count] = gridRow + columns[c]!;
      rgb[count * 3] = photo.data[from]!;
      rgb[count * 3 + 1] = photo.data[from + 1]!;
      rgb[count * 3 + 2] = photo.data[from + 2]!;
    }
  }
  const share = logits.map((logit) => shareOf(SHARPNESS * logit));
  const lab = labPlanes(count);
  bytesToLab(rgb, 0, count, lab);
  return { count, cell, share, lab };
}

/** The grid column (or row) of each sampled column (or row). */
function sampledCells(size: number, step: number, gridStep: number, cells: number): Int32Array {
  const first = step >> 1;
  return Int32Array.from({ length: Math.max(0, Math.ceil((size - first) / step)) }, (_, k) =>
    Math.min(cells - 1, Math.floor((first + k * step + 0.5) / gridStep)),
  );
}

/** Means per grid cell: share; per channel L, L², p·L, p·L². Cells without a sample copy nothing and weigh 0. */
interface Moments {
  readonly count: Float32Array;
  readonly share: Float32Array;
  /** Per channel `[all, all², inside, inside²]`. */
  readonly channels: readonly (readonly [Float32Array, Float32Array, Float32Array, Float32Array])[];
}

function cellMoments({ count, cell, share, lab }: Samples, grid: ColourGrid): Moments {
  const size = grid.columns * grid.rows;
  const plane = () => new Float32Array(size);
  const total = plane();
  const shares = plane();
  for (let i = 0; i < count; i++) {
    total[cell[i]!]!++;
    shares[cell[i]!] = shares[cell[i]!]! + share[i]!;
  }
  const channels = lab.map((values) => {
    const sums = [plane(), plane(), plane(), plane()] as const;
    for (let i = 0; i < count; i++) {
      const k = cell[i]!;
      const v = values[i]!;
      const p = share[i]!;
      sums[0][k] = sums[0][k]! + v;
      sums[1][k] = sums[1][k]! + v * v;
      sums[2][k] = sums[2][k]! + p * v;
      sums[3][k] = sums[3][k]! + p * v * v;
    }
    return sums;
  });
  return { count: total, share: shares, channels };
}

function fitModel(samples: Samples, moments: Moments, grid: ColourGrid, radius: number): ColourModel {
  const box = (plane: Float32Array) => boxSum(plane, grid, radius);
  const count = box(moments.count);
  const inside = box(moments.share).map((v, i) => v / Math.max(count[i]!, 1));
  const size = inside.length;
  const planes = Array.from({ length: 7 }, () => new Float32Array(size));
  const constant = planes[6]!;
  moments.channels.forEach((sums, c) => {
    const [all, all2, part, part2] = sums.map(box) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    for (let i = 0; i < size; i++) {
      const n = Math.max(count[i]!, 1);
      const innerShare = inside[i]! + SHARE_FLOOR;
      const outerShare = 1 - inside[i]! + SHARE_FLOOR;
      const innerMean = part[i]! / n / innerShare;
      const outerMean = (all[i]! - part[i]!) / n / outerShare;
      const innerVariance = Math.max(0, part2[i]! / n / innerShare - innerMean ** 2) + NOISE;
      const outerVariance = Math.max(0, (all2[i]! - part2[i]!) / n / outerShare - outerMean ** 2) + NOISE;
      planes[c]![i] = 0.5 * (1 / outerVariance - 1 / innerVariance);
      planes[c + 3]![i] = innerMean / innerVariance - outerMean / outerVariance;
      constant[i] =
        constant[i]! +
        0.5 *
          (outerMean ** 2 / outerVariance +
            Math.log(outerVariance) -
            innerMean ** 2 / innerVariance -
            Math.log(innerVariance));
    }
  });
  return { planes, trust: trustOf(samples, planes, inside, grid, radius) };
}

/** min(1, 10·min(m_i, m_o)) · clamp(1 − 2e, 0, 1), e = disagreement of colours with what SAM is sure of. */
function trustOf(
  { count, cell, share, lab }: Samples,
  planes: readonly Float32Array[],
  inside: Float32Array,
  grid: ColourGrid,
  radius: number,
): Float32Array {
  const wrong = new Float32Array(inside.length);
  const sure = new Float32Array(inside.length);
  const [lightness, a, b] = lab;
  const [l2, a2, b2, l1, a1, b1, constant] = planes as SevenPlanes;
  for (let i = 0; i < count; i++) {
    const certainty = Math.abs(2 * share[i]! - 1);
    if (certainty < 0.01) continue;
    const k = cell[i]!;
    const [x, y, z] = [lightness[i]!, a[i]!, b[i]!];
    const odds =
      (l2[k]! * x + l1[k]!) * x + (a2[k]! * y + a1[k]!) * y + (b2[k]! * z + b1[k]!) * z + constant[k]!;
    wrong[k] =
      wrong[k]! +
      certainty * Math.abs(share[i]! - shareOf(Math.min(MAX_LOG_ODDS, Math.max(-MAX_LOG_ODDS, odds))));
    sure[k] = sure[k]! + certainty;
  }
  const boxedWrong = boxSum(wrong, grid, radius);
  const boxedSure = boxSum(sure, grid, radius);
  return inside.map((m, i) => {
    const disagreement = boxedWrong[i]! / (boxedSure[i]! + SHARE_FLOOR);
    const presence = Math.min(1, 10 * Math.min(m, 1 - m));
    return presence * Math.min(1, Math.max(0, 1 - 2 * disagreement));
  });
}

type SevenPlanes = readonly [
  Float32Array,
  Float32Array,
  Float32Array,
  Float32Array,
  Float32Array,
  Float32Array,
  Float32Array,
];

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
