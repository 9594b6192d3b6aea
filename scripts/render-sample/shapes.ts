import { clamp01, lerp, smoothstep, type Vec } from "./vec.ts";

/** The label of each object in truth.png; 0 is the background. */
export const MUG = 1;
export const APPLE = 2;
export const BANANA = 3;
export const LEAF = 4;

/** A solid given by its signed distance (in its own frame), inside a bounding sphere. */
export interface Shape {
  readonly id: number;
  /** Where the frame's origin stands on the table, and its turn about the vertical. */
  readonly at: Vec;
  readonly cos: number;
  readonly sin: number;
  /** Bounding sphere in the frame. */
  readonly middle: Vec;
  readonly radius: number;
  /** Share of the distance that a ray may safely step: below 1 where the distance is only an estimate. */
  readonly step: number;
  distance(x: number, y: number, z: number): number;
}

const { abs, atan2, cos, max, min, sin, sqrt, PI } = Math;

/** Length of a 2-vector; Math.hypot is far slower. */
const len = (x: number, y: number): number => sqrt(x * x + y * y);

/** Smooth minimum: joins two solids with a fillet of about k. */
function blend(a: number, b: number, k: number): number {
  const h = max(k - abs(a - b), 0) / k;
  return min(a, b) - h * h * k * 0.25;
}

/** Distance to a thick line from (ax, ay, az) to (bx, by, bz) whose radius goes from ra to rb. */
function rod(x: number, y: number, z: number, a: Vec, b: Vec, ra: number, rb: number): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const dz = b[2] - a[2];
  const px = x - a[0];
  const py = y - a[1];
  const pz = z - a[2];
  const t = clamp01((px * dx + py * dy + pz * dz) / (dx * dx + dy * dy + dz * dz));
  const qx = px - dx * t;
  const qy = py - dy * t;
  const qz = pz - dz * t;
  return sqrt(qx * qx + qy * qy + qz * qz) - lerp(ra, rb, t);
}

export const MUG_HEIGHT = 9.6;
export const MUG_RADIUS = 4.1;
const MUG_WALL = 0.27;
const MUG_CORNER = 1.3;
const COFFEE_LEVEL = 8.6;

/** The cup without its handle: a profile line (floor, rounded corner, side) turned about y, then thickened. */
function cup(r: number, y: number): number {
  const turn = MUG_RADIUS - MUG_CORNER;
  const low = MUG_WALL + MUG_CORNER;
  let d: number;
  if (r > turn && y < low) d = abs(len(r - turn, y - low) - MUG_CORNER);
  else {
    const floor = len(max(r - turn, 0), y - MUG_WALL);
    const side = len(r - MUG_RADIUS, max(y - MUG_HEIGHT + MUG_WALL, low - y, 0));
    d = min(floor, side);
  }
  return d - MUG_WALL;
}

/** The handle: a rounded square ring beside the cup, oval in section. */
function handle(x: number, y: number, z: number): number {
  const px = abs(x - MUG_RADIUS - 0.9) - 0.75;
  const py = abs(y - 5.1 - 0.1 * (x - MUG_RADIUS)) - 1.35;
  const ring = len(max(px, 0), max(py, 0)) + min(max(px, py), 0) - 1.45;
  return len(ring, z * 0.72) - 0.43;
}

/** Distance to the coffee alone (materials ask which part of the mug a point lies on). */
export function coffee(x: number, y: number, z: number): number {
  return max(len(x, z) - MUG_RADIUS, y - COFFEE_LEVEL, 1 - y);
}

function mug(x: number, y: number, z: number): number {
  const r = len(x, z);
  const shell = cup(r, y);
  // The ring's inner side would stand inside the cup: cut it off at the wall's middle.
  const grip = max(handle(x, y, z), MUG_RADIUS - r);
  return min(blend(shell, grip, 0.7), coffee(x, y, z));
}

const APPLE_TOP: Vec = [0.1, 5.9, 0];
const STEM_BEND: Vec = [0.25, 7.2, 0.1];
const STEM_END: Vec = [0.85, 8.3, 0.25];

/** Distance to the apple's stem alone. */
export function appleStem(x: number, y: number, z: number): number {
  return min(
    rod(x, y, z, APPLE_TOP, STEM_BEND, 0.13, 0.12),
    rod(x, y, z, STEM_BEND, STEM_END, 0.12, 0.23) * 0.95,
  );
}

/** A ring whose tube overlaps its axis has a dimple at both ends; narrow it below and give it five lobes. */
function appleBody(x: number, y: number, z: number): number {
  const h = y - 3.55;
  const turn = atan2(z, x);
  const low = smoothstep(2, -3.4, h);
  const lobes = 1 - 0.035 * low * (1 - cos(5 * turn)) + 0.018 * sin(2 * turn + 1);
  const r = len(x, z) / (lobes * (1.03 - 0.15 * low * low));
  return len(r - 1.55, h * (h > 0 ? 0.97 : 0.8)) - 2.62;
}

const apple = (x: number, y: number, z: number): number => min(appleBody(x, y, z), appleStem(x, y, z));

export const BANANA_BEND = 7.6;
/** How far along the arc the banana reaches, in radians to either side. */
export const BANANA_REACH = 1;

/** Thickness along the banana: s goes from -1 (blossom end) to 1 (stem end). */
function bananaRadius(s: number): number {
  const body = 1.62 * sqrt(max(1 - (0.86 * s) ** 4, 0.02));
  const neck = smoothstep(0.58, 0.84, s);
  const tip = smoothstep(-0.8, -1, s);
  return lerp(lerp(body, 0.52 + 0.25 * smoothstep(0.93, 1, s), neck), 0.3, tip);
}

/** Place along and around the banana of a point of its frame. */
export function bananaCoordinates(x: number, y: number, z: number): { s: number; out: number; up: number } {
  // The ends lift off the table a little.
  const turn = atan2(x, z + BANANA_BEND);
  const s = turn / BANANA_REACH;
  return { s, out: len(x, z + BANANA_BEND) - BANANA_BEND, up: y - 1.6 - 1.1 * s * s };
}

function banana(x: number, y: number, z: number): number {
  const { s, out, up } = bananaCoordinates(x, y, z);
  const facets = 1 + 0.055 * cos(5 * atan2(up, out) + 0.9);
  const side = len(out, up) - bananaRadius(max(-1, min(1, s))) * facets;
  const beyond = (abs(s) - 1) * BANANA_REACH * BANANA_BEND;
  return beyond > 0 ? len(max(side, 0), beyond) : max(side, beyond);
}

export const LEAF_LENGTH = 8.6;

/** Half the leaf's width, u from 0 at the stalk to 1 at the tip. */
export function leafWidth(u: number): number {
  if (u <= 0 || u >= 1) return 0;
  return 2.3 * sin(PI * u ** 0.8) ** 0.8 * (1 - 0.25 * u) + 0.04 * sin(u * 95);
}

/** Height of the leaf's middle surface over the table: folded along the midrib, wavy, tip up. */
function leafHeight(x: number, z: number): number {
  const u = x / LEAF_LENGTH;
  return 0.14 + 0.2 * abs(z) + 0.08 * z * sin(x * 1.3) + 0.8 * (u - 0.35) ** 2 + 0.1 * sin(x * 0.9 + z);
}

const STALK_START: Vec = [0.3, 0.4, 0];
const STALK_BEND: Vec = [-1.3, 0.35, 0.15];
const STALK_END: Vec = [-2.7, 0.22, 0.75];

export function leafStalk(x: number, y: number, z: number): number {
  return min(
    rod(x, y, z, STALK_START, STALK_BEND, 0.1, 0.11),
    rod(x, y, z, STALK_BEND, STALK_END, 0.11, 0.15),
  );
}

function leaf(x: number, y: number, z: number): number {
  const sheet = abs(y - leafHeight(x, z)) - 0.035;
  const outline = max(abs(z) - leafWidth(x / LEAF_LENGTH), -x, x - LEAF_LENGTH);
  return min(max(sheet, outline), leafStalk(x, y, z));
}

function shape(
  id: number,
  at: Vec,
  degrees: number,
  bound: readonly [number, number, number, number],
  step: number,
  distance: Shape["distance"],
): Shape {
  const a = (degrees * PI) / 180;
  const [x, y, z, radius] = bound;
  return { id, at, cos: cos(a), sin: sin(a), middle: [x, y, z], radius, step, distance };
}

/** The still life. Turns are counter-clockwise seen from above. */
export const SHAPES: readonly Shape[] = [
  shape(MUG, [-6, 0, -1.6], -20, [1.6, 4.9, 0, 7.6], 0.9, mug),
  shape(APPLE, [6.6, 0, -2.4], 35, [0, 4.1, 0, 5.3], 0.8, apple),
  shape(BANANA, [6.4, 0, 9], -10, [0, 2, -1.4, 8], 0.7, banana),
  shape(LEAF, [-8.6, 0, 10.2], 24, [3, 0.7, 0, 6], 0.6, leaf),
];
