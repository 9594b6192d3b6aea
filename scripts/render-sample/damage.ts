import { fbm, hash } from "./noise.ts";
import { clamp01, lerp } from "./vec.ts";

/** One value per pixel, 1 in the object and 0 outside, row by row. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function maskOf(labels: Uint8Array, width: number, height: number, id: number): Mask {
  return { width, height, data: labels.map((label) => (label === id ? 1 : 0)) };
}

/** Intersection over union. */
export function iou(a: Mask, b: Mask): number {
  let both = 0;
  let either = 0;
  for (let i = 0; i < a.data.length; i++) {
    both += a.data[i]! & b.data[i]!;
    either += a.data[i]! | b.data[i]!;
  }
  return both / either;
}

/** The smallest box (right and bottom exclusive) around the object, grown by a share of its sides. */
function boxOf({ width, height, data }: Mask, grow: number): Box {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let i = 0; i < data.length; i++) {
    if (!data[i]) continue;
    const x = i % width;
    const y = (i - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  }
  const dx = Math.round((right - left) * grow);
  const dy = Math.round((bottom - top) * grow);
  return { left: left - dx, top: top - dy, right: right + dx, bottom: bottom + dy };
}

/** Share of the object in each cell of a size × size grid over the box. */
function averaged({ width, height, data }: Mask, box: Box, size: number): Float32Array {
  const sum = new Float32Array(size * size);
  const count = new Float32Array(size * size);
  for (let y = box.top; y < box.bottom; y++) {
    for (let x = box.left; x < box.right; x++) {
      const cx = Math.floor(((x - box.left) * size) / (box.right - box.left));
      const cy = Math.floor(((y - box.top) * size) / (box.bottom - box.top));
      const inside = x >= 0 && y >= 0 && x < width && y < height;
      count[cy * size + cx]!++;
      if (inside) sum[cy * size + cx]! += data[y * width + x]!;
    }
  }
  return sum.map((value, i) => value / Math.max(1, count[i]!));
}

/** Blurs a grid with the kernel 1 2 1 in both directions, as a network's coarse features do. */
function blurred(grid: Float32Array, size: number): Float32Array {
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= size || y >= size ? 0 : grid[y * size + x]!;
  return grid.map((_, i) => {
    const x = i % size;
    const y = (i - x) / size;
    let sum = 0;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) sum += at(x + dx, y + dy) * (2 - Math.abs(dx)) * (2 - Math.abs(dy));
    }
    return sum / 16;
  });
}

/** Bilinear value of a grid at cell coordinates; the outermost cells go on outside. */
function bilinear(grid: Float32Array, size: number, x: number, y: number): number {
  const fx = clamp01(x / (size - 1)) * (size - 1);
  const fy = clamp01(y / (size - 1)) * (size - 1);
  const ix = Math.min(size - 2, Math.floor(fx));
  const iy = Math.min(size - 2, Math.floor(fy));
  const row = (j: number): number => lerp(grid[j * size + ix]!, grid[j * size + ix + 1]!, fx - ix);
  return lerp(row(iy), row(iy + 1), fy - iy);
}

export interface PredictionOptions {
  readonly seed: number;
  /** Times that the grid is blurred. */
  readonly blur: number;
  /** How strongly the smooth noise eats into the object and lets it run out. */
  readonly bias: number;
  /** Added everywhere near the object: closes its holes and makes it too fat. */
  readonly leak: number;
}

const GRID = 28;

/**
 * The object as a network with 28 × 28 outputs would predict it: averaged over its box, blurred, misled by a
 * smooth error, enlarged, cut at one half.
 */
export function predicted(truth: Mask, { seed, blur, bias, leak }: PredictionOptions): Mask {
  const box = boxOf(truth, 0.18);
  let grid = averaged(truth, box, GRID);
  for (let i = 0; i < blur; i++) grid = blurred(grid, GRID);
  grid = grid.map((value, i) => {
    const x = i % GRID;
    const y = (i - x) / GRID;
    // Errors begin at the object: far from it the noise must not make islands.
    return value + clamp01(5 * value) * (bias * (fbm(x / 7, y / 7, seed, 2) - 0.5) + leak);
  });
  const data = new Uint8Array(truth.data.length);
  for (let y = Math.max(0, box.top); y < Math.min(truth.height, box.bottom); y++) {
    for (let x = Math.max(0, box.left); x < Math.min(truth.width, box.right); x++) {
      const gx = ((x + 0.5 - box.left) * GRID) / (box.right - box.left) - 0.5;
      const gy = ((y + 0.5 - box.top) * GRID) / (box.bottom - box.top) - 0.5;
      data[y * truth.width + x] = bilinear(grid, GRID, gx, gy) > 0.5 ? 1 : 0;
    }
  }
  return { ...truth, data };
}

type Point = readonly [number, number];

function centre({ width, data }: Mask): Point {
  let [x, y, n] = [0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    if (!data[i]) continue;
    x += i % width;
    y += Math.floor(i / width);
    n++;
  }
  return [x / n, y / n];
}

/** The farthest point of the object on the way from `from` by steps of (dx, dy). */
function farthest({ width, height, data }: Mask, from: Point, dx: number, dy: number): number {
  let far = 0;
  for (let r = 0; ; r++) {
    const x = Math.round(from[0] + r * dx);
    const y = Math.round(from[1] + r * dy);
    if (x < 0 || y < 0 || x >= width || y >= height) return far;
    if (data[y * width + x]) far = r;
  }
}

function filled(like: Mask, corners: readonly Point[]): Mask {
  const data = new Uint8Array(like.data.length);
  for (let i = 0; i < data.length; i++) {
    const x = i % like.width;
    const y = (i - x) / like.width;
    let inside = false;
    corners.forEach(([ax, ay], k) => {
      const [bx, by] = corners[(k + 1) % corners.length]!;
      if (ay > y !== by > y && x < ax + ((y - ay) * (bx - ax)) / (by - ay)) inside = !inside;
    });
    data[i] = inside ? 1 : 0;
  }
  return { ...like, data };
}

/** The object as somebody in a hurry clicks it: few corners, each a good bit off. */
export function sketched(truth: Mask, corners: number, seed: number, sloppy: number): Mask {
  const middle = centre(truth);
  const { left, top, right, bottom } = boxOf(truth, 0);
  // Angles in the frame of the box, or a long object's ends would get no corners.
  const aspect = (bottom - top) / (right - left);
  const points = Array.from({ length: corners }, (_, k): Point => {
    const angle = ((k + 0.5 * hash(k, seed, 1)) * 2 * Math.PI) / corners;
    const dx = Math.cos(angle);
    const dy = Math.sin(angle) * aspect;
    const r = farthest(truth, middle, dx, dy) * (1 + sloppy * (2 * hash(k, seed, 2) - 1));
    return [middle[0] + r * dx, middle[1] + r * dy];
  });
  return filled(truth, points);
}

/** The pixels less than `radius` away from the mask's contour, on both sides. */
export function stripe(mask: Mask, radius: number): Mask {
  const { width, height, data } = mask;
  const out = data.map((value, i) => {
    const x = i % width;
    const y = (i - x) / width;
    for (let dy = 1 - radius; dy < radius; dy++) {
      for (let dx = 1 - radius; dx < radius; dx++) {
        const nx = x + dx;
        const ny = y + dy;
        if (nx < 0 || ny < 0 || nx >= width || ny >= height || dx * dx + dy * dy >= radius * radius) continue;
        if (data[ny * width + nx] !== value) return 1;
      }
    }
    return 0;
  });
  return { ...mask, data: out };
}
