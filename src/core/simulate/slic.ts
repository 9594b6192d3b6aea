/** SLIC superpixels (Achanta et al. 2012): k-means over colour and place, each centre looking at its neighbourhood only. */
import { bytesToLab, type LabPlanes, labPlanes, type Photo } from "../lab.ts";
import { connectSuperpixels } from "./connect-superpixels.ts";

/** How superpixels are made. */
export interface SlicOptions {
  /** About as many superpixels. */
  readonly components: number;
  /** Weight of the place against the colour: larger ones are more compact. @default 10 */
  readonly compactness?: number;
  /** Rounds of k-means. @default 10 */
  readonly rounds?: number;
}

/** A photo cut into connected superpixels. */
export interface Superpixels {
  /** `Int32Array [height, width]` row-major, numbers from 0 on. */
  readonly labels: Int32Array;
  /** How many there are. */
  readonly count: number;
}

/** Centres of the clusters: place, then L, a, b. */
interface Centres {
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly lab: readonly [Float64Array, Float64Array, Float64Array];
}

interface Grid {
  readonly width: number;
  readonly height: number;
  readonly lab: LabPlanes;
  /** Distance of neighbouring centres, in pixels. */
  readonly step: number;
}

/**
 * Cuts a photo into about `components` superpixels on a uniform grid: d² = d_Lab² + (compactness / step)²·d_xy². Every
 * superpixel is connected; fragments go to a neighbour.
 */
export function slicSuperpixels(
  photo: Photo,
  { components, compactness = 10, rounds = 10 }: SlicOptions,
): Superpixels {
  const { width, height } = photo;
  const lab = labPlanes(width * height);
  bytesToLab(photo.data, 0, width * height, lab);
  const grid: Grid = { width, height, lab, step: Math.sqrt((width * height) / components) };
  const centres = gridCentres(grid);
  const labels = new Int32Array(width * height);
  for (let round = 0; round < rounds; round++) {
    assign(grid, centres, compactness / grid.step, labels);
    moveCentres(grid, centres, labels);
  }
  return connectSuperpixels(labels, width, height, (width * height) / centres.count / 4);
}

/** Centres in the middle of the fields of a regular grid. */
function gridCentres(grid: Grid): Centres {
  const columns = Math.max(1, Math.round(grid.width / grid.step));
  const rows = Math.max(1, Math.round(grid.height / grid.step));
  const count = columns * rows;
  const plane = (): Float64Array => new Float64Array(count);
  const centres: Centres = { count, x: plane(), y: plane(), lab: [plane(), plane(), plane()] };
  for (let k = 0; k < count; k++) {
    const x = Math.floor((((k % columns) + 0.5) * grid.width) / columns);
    const y = Math.floor(((Math.floor(k / columns) + 0.5) * grid.height) / rows);
    centres.x[k] = x;
    centres.y[k] = y;
    for (const c of [0, 1, 2] as const) centres.lab[c][k] = grid.lab[c][y * grid.width + x]!;
  }
  return centres;
}

/** Gives every pixel to the nearest centre within a step along both axes; without any it stays where it was. */
function assign(grid: Grid, centres: Centres, placeWeight: number, labels: Int32Array): void {
  const nearest = new Float32Array(labels.length).fill(Number.POSITIVE_INFINITY);
  for (let k = 0; k < centres.count; k++) claimAround(grid, centres, k, placeWeight ** 2, nearest, labels);
}

function claimAround(
  { width, height, step, lab: [lightness, a, b] }: Grid,
  centres: Centres,
  k: number,
  weight: number,
  nearest: Float32Array,
  labels: Int32Array,
): void {
  const [cx, cy] = [centres.x[k]!, centres.y[k]!];
  const [cl, ca, cb] = [centres.lab[0][k]!, centres.lab[1][k]!, centres.lab[2][k]!];
  const reach = Math.ceil(step);
  const [x0, x1] = [Math.max(0, Math.floor(cx - reach)), Math.min(width - 1, Math.ceil(cx + reach))];
  const [y0, y1] = [Math.max(0, Math.floor(cy - reach)), Math.min(height - 1, Math.ceil(cy + reach))];
  for (let y = y0; y <= y1; y++) {
    const dy = weight * (y - cy) ** 2;
    for (let x = x0, i = y * width + x0; x <= x1; x++, i++) {
      const dl = lightness[i]! - cl;
      const da = a[i]! - ca;
      const db = b[i]! - cb;
      const distance = dl * dl + da * da + db * db + weight * (x - cx) * (x - cx) + dy;
      if (distance >= nearest[i]!) continue;
      nearest[i] = distance;
      labels[i] = k;
    }
  }
}

/** Every centre goes to the mean of its pixels; one without any stays. */
function moveCentres({ width, lab }: Grid, centres: Centres, labels: Int32Array): void {
  const [lightness, a, b] = lab;
  const n = new Int32Array(centres.count);
  const [x, y, ls, as, bs] = Array.from({ length: 5 }, () => new Float64Array(centres.count)) as Sums;
  for (let i = 0, row = 0; i < labels.length; row++) {
    for (let column = 0; column < width; column++, i++) {
      const k = labels[i]!;
      n[k]!++;
      x[k]! += column;
      y[k]! += row;
      ls[k]! += lightness[i]!;
      as[k]! += a[i]!;
      bs[k]! += b[i]!;
    }
  }
  const targets = [centres.x, centres.y, ...centres.lab];
  for (const [t, sums] of [x, y, ls, as, bs].entries())
    for (let k = 0; k < centres.count; k++) if (n[k]! > 0) targets[t]![k] = sums[k]! / n[k]!;
}

type Sums = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
