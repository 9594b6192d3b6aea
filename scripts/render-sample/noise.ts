import { lerp } from "./vec.ts";

/** Integer hash of a lattice point, 0 ≤ h < 1. Integers only, so that every machine draws the same picture. */
export function hash(x: number, y: number, z: number): number {
  let h = Math.imul(x, 0x8da6b343) ^ Math.imul(y, 0xd8163841) ^ Math.imul(z, 0xcb1ab31f);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  h ^= h >>> 15;
  return (h >>> 0) / 4294967296;
}

const fade = (t: number): number => t * t * t * (t * (t * 6 - 15) + 10);

/** Smooth value noise, 0..1, one bump per unit. */
export function noise(x: number, y: number, z: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const iz = Math.floor(z);
  const u = fade(x - ix);
  const v = fade(y - iy);
  const w = fade(z - iz);
  const edge = (dy: number, dz: number): number =>
    lerp(hash(ix, iy + dy, iz + dz), hash(ix + 1, iy + dy, iz + dz), u);
  return lerp(lerp(edge(0, 0), edge(1, 0), v), lerp(edge(0, 1), edge(1, 1), v), w);
}

/** Sum of octaves of noise, about 0..1. */
export function fbm(x: number, y: number, z: number, octaves: number): number {
  let sum = 0;
  let weight = 0.5;
  let total = 0;
  let f = 1;
  for (let i = 0; i < octaves; i++) {
    sum += weight * noise(x * f, y * f, z * f + i * 17.3);
    total += weight;
    weight *= 0.5;
    f *= 2.03;
  }
  return sum / total;
}

/** Round dots scattered at random, one candidate per cell: 1 in a dot's middle, 0 outside, share 0..1. */
export function dots(x: number, y: number, z: number, share: number, size: number): number {
  let best = 0;
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const iz = Math.floor(z);
  for (let k = 0; k < 8; k++) {
    // Only the eight cells around the nearest corner can hold a dot that reaches this point.
    const cx = ix + (k & 1) - (x - ix < 0.5 ? 1 : 0);
    const cy = iy + ((k >> 1) & 1) - (y - iy < 0.5 ? 1 : 0);
    const cz = iz + (k >> 2) - (z - iz < 0.5 ? 1 : 0);
    const pick = hash(cx, cy, cz ^ 0x51ed);
    if (pick > share) continue;
    const dx = x - cx - 0.2 - 0.6 * hash(cx + 101, cy, cz);
    const dy = y - cy - 0.2 - 0.6 * hash(cx, cy + 101, cz);
    const dz = z - cz - 0.2 - 0.6 * hash(cx, cy, cz + 101);
    const radius = size * (0.4 + (0.6 * pick) / share);
    best = Math.max(best, 1 - Math.sqrt(dx * dx + dy * dy + dz * dz) / radius);
  }
  return best;
}
