import { dots, fbm, hash, noise } from "./noise.ts";
import {
  APPLE,
  appleStem,
  BANANA,
  BANANA_BEND,
  bananaCoordinates,
  coffee,
  LEAF,
  LEAF_LENGTH,
  leafStalk,
  leafWidth,
  MUG,
  MUG_HEIGHT,
  MUG_RADIUS,
} from "./shapes.ts";
import { add, clamp01, lerp, mix, scale, smoothstep, type Vec } from "./vec.ts";

/** What a surface does with light at one point. */
export interface Surface {
  readonly albedo: Vec;
  /** Mirror reflection seen head-on, and how far the mirrored ray scatters (0 is a perfect mirror). */
  readonly gloss: number;
  readonly rough: number;
  /** Small tilt of the normal. */
  readonly tilt: Vec;
}

const { abs, atan2, floor, max, min, sin, sqrt, PI } = Math;
const LEVEL: Vec = [0, 0, 0];

/** A tilt from three independent noises. */
function bumps(x: number, y: number, z: number, amount: number): Vec {
  return [
    (noise(x, y, z) - 0.5) * amount,
    (noise(x + 31.7, y, z) - 0.5) * amount,
    (noise(x, y + 47.1, z) - 0.5) * amount,
  ];
}

const PLANK = 8.7;

/** Oak boards that run slightly askew: growth rings, fibres, pores, and dark joints. */
export function tableSurface(x: number, z: number): Surface {
  const u = x * 0.985 - z * 0.17;
  const v = x * 0.17 + z * 0.985 + 2.9;
  const board = floor(v / PLANK);
  const across = v - board * PLANK;
  const joint = min(across, PLANK - across);
  const own = hash(board, 7, 3);
  const shift = own * 60;
  const bend = fbm(u * 0.05 + shift, v * 0.2, shift, 3);
  const ring = (across * 0.55 + bend * 5.5 + own) % 1;
  const late = smoothstep(0, 0.75, ring) * smoothstep(1, 0.86, ring);
  const fibre = fbm(u * 0.35, v * 7, shift, 3);
  const pore = smoothstep(0.66, 0.86, noise(u * 0.8, v * 19, shift + 5));
  const stain = fbm(u * 0.12, v * 0.12, 91, 3);
  let color = mix([0.46, 0.285, 0.15], [0.235, 0.12, 0.052], clamp01(0.5 * late + 0.95 * (fibre - 0.3)));
  color = scale(color, lerp(0.8, 1.15, own) * lerp(0.8, 1.15, stain) * (1 - 0.45 * pore));
  color = scale(color, 0.13 + 0.87 * smoothstep(0.03, 0.14, joint));
  const edge = smoothstep(0.35, 0.05, joint) * (across < PLANK / 2 ? -0.5 : 0.5);
  const groove = (noise(u * 0.6, v * 9, 13) - 0.5) * 0.09;
  return {
    albedo: color,
    gloss: 0.035 * (1 - 0.6 * pore),
    rough: 0.11 + 0.08 * fibre,
    tilt: [0, 0, edge + groove],
  };
}

/** A plastered wall out of focus: nothing on it is sharp, so the lens need not blur it sample by sample. */
export function wallSurface(x: number, y: number): Surface {
  const cloud = fbm(x * 0.03 + 9, y * 0.03, 4.2, 3);
  const plaster = mix([0.44, 0.41, 0.33], [0.34, 0.335, 0.29], cloud);
  // Panelling below, and sunlight that another window throws on the wall in slanting panes.
  let color = mix(plaster, [0.115, 0.145, 0.125], smoothstep(1.2, -0.6, y));
  color = mix(color, [0.33, 0.3, 0.25], box(0, y, 0, 1.2, 1, 0.5, 0.9));
  const slant = x + 0.45 * y;
  const pane = box(slant, y, -6, 9, 3.2, 20, 2) + box(slant, y, 3, 9, 3.2, 20, 2);
  color = mix(color, scale(color, 1.75), clamp01(pane) * (0.75 + 0.25 * cloud));
  // A house plant in a pot.
  const pot = box(x, y, 24, -4, 5.2 + 0.12 * y, 6.5, 1.6);
  color = mix(color, mix([0.27, 0.12, 0.065], [0.1, 0.045, 0.03], smoothstep(20, 29, x)), pot);
  const bush = 1 - sqrt(((x - 24.5) / 10.5) ** 2 + ((y - 9) / 8.5) ** 2);
  const leaves = smoothstep(-0.18, 0.3, bush + 0.9 * (fbm(x * 0.22, y * 0.17, 6, 2) - 0.5));
  color = mix(color, mix([0.03, 0.05, 0.02], [0.13, 0.18, 0.06], fbm(x * 0.3 + 5, y * 0.24, 3, 2)), leaves);
  return { albedo: color, gloss: 0, rough: 1, tilt: LEVEL };
}

/** 1 inside the box, 0 outside, with a soft edge. */
function box(x: number, y: number, cx: number, cy: number, hx: number, hy: number, soft: number): number {
  return smoothstep(soft, -soft, abs(x - cx) - hx) * smoothstep(soft, -soft, abs(y - cy) - hy);
}

function coffeeSurface(x: number, z: number): Surface {
  const r = sqrt(x * x + z * z);
  const foam = smoothstep(3.2, 3.8, r + 0.5 * fbm(x * 1.4, 1, z * 1.4, 2));
  const bubbles = dots(x * 2.4, 0.4, z * 2.4, 0.8, 0.5) > 0.25 ? 0.5 : 0;
  const color = mix([0.03, 0.012, 0.005], [0.26, 0.13, 0.05], clamp01(foam * (0.6 + bubbles)));
  return { albedo: color, gloss: 0.03, rough: 0.01, tilt: LEVEL };
}

/** Blue reactive glaze that runs thin at the lip, over speckled clay that stays bare at the foot. */
function mugSurface(x: number, y: number, z: number): Surface {
  if (coffee(x, y, z) < 0.01) return coffeeSurface(x, z);
  const r = sqrt(x * x + z * z);
  const turn = atan2(z, x);
  const run = fbm(turn * 4.5 + 8, y * 0.35, r > MUG_RADIUS + 0.6 ? x : 3, 4);
  const speck = smoothstep(0.1, 0.5, dots(x * 2.1, y * 2.1, z * 2.1, 0.55, 0.34));
  const clay = mix([0.5, 0.36, 0.24], [0.26, 0.16, 0.1], max(speck, 0.5 * fbm(x * 4, y * 4, z * 4, 2)));
  if (y < 1 + 0.5 * (fbm(turn * 2.5, 3, 1, 2) - 0.5) && r < MUG_RADIUS + 0.5) {
    return { albedo: clay, gloss: 0.015, rough: 0.4, tilt: bumps(x * 9, y * 9, z * 9, 0.16) };
  }
  const inside = r < MUG_RADIUS - 0.1 && y < MUG_HEIGHT - 0.1;
  let glaze = mix([0.02, 0.085, 0.16], [0.075, 0.25, 0.31], smoothstep(0.3, 0.72, run));
  if (inside) glaze = mix([0.5, 0.46, 0.36], [0.4, 0.33, 0.22], run);
  const thin = smoothstep(MUG_HEIGHT - 0.55, MUG_HEIGHT - 0.1, y + 0.4 * (run - 0.5));
  glaze = mix(glaze, [0.24, 0.125, 0.06], 0.85 * thin);
  glaze = mix(glaze, scale(clay, 0.35), 0.6 * speck);
  return {
    albedo: glaze,
    gloss: 0.05,
    rough: 0.012,
    tilt: add(bumps(x * 1.3, y * 1.1, z * 1.3, 0.035), [0, 0.035 * sin(y * 7 + 2 * run), 0]),
  };
}

/** Red over yellow: streaks from stem to blossom end, a pale side, and small pale dots. */
function appleSurface(x: number, y: number, z: number): Surface {
  if (appleStem(x, y, z) < 0.01) {
    const bark = noise(x * 9, y * 3, z * 9);
    return {
      albedo: mix([0.17, 0.1, 0.045], [0.06, 0.035, 0.02], bark),
      gloss: 0.01,
      rough: 0.5,
      tilt: LEVEL,
    };
  }
  const turn = atan2(z, x);
  const streak = 0.6 * noise(turn * 13, y * 0.35, 5) + 0.4 * noise(turn * 34, y * 0.5, 9);
  const pale = fbm(x * 0.28 + 4, y * 0.28, z * 0.28, 3);
  const r = sqrt(x * x + z * z);
  const cavity = smoothstep(1.9, 0.5, r) * smoothstep(4, 5, y);
  const red = mix([0.42, 0.022, 0.018], [0.17, 0.008, 0.014], streak);
  const yellow = mix([0.62, 0.36, 0.06], [0.5, 0.42, 0.1], pale);
  const ripe = clamp01(smoothstep(0.86, 0.56, pale + 0.3 * (streak - 0.5)) - 0.9 * cavity);
  const dot = smoothstep(0.15, 0.45, dots(x * 2.2, y * 2.2, z * 2.2, 0.6, 0.2));
  let color = mix(yellow, red, ripe * lerp(0.75, 1, streak));
  color = mix(color, [0.6, 0.42, 0.2], 0.55 * dot);
  color = mix(color, [0.25, 0.2, 0.07], 0.6 * smoothstep(1, 0.3, r) * cavity);
  return { albedo: color, gloss: 0.04, rough: 0.028, tilt: bumps(x * 2.5, y * 2.5, z * 2.5, 0.045) };
}

function bananaSurface(x: number, y: number, z: number): Surface {
  const { s, out, up } = bananaCoordinates(x, y, z);
  const turn = atan2(up, out);
  const lengthwise = s * BANANA_BEND;
  const vary = fbm(lengthwise * 0.5, turn * 1.1, 2, 3);
  let color = mix([0.56, 0.335, 0.04], [0.44, 0.285, 0.05], vary);
  color = mix(color, [0.27, 0.27, 0.05], smoothstep(0.5, 0.95, s + 0.3 * (vary - 0.5)));
  const freckle = smoothstep(0.12, 0.4, dots(lengthwise * 1.5, out * 2, up * 2, 0.3, 0.3));
  const bruise = smoothstep(0.62, 0.75, fbm(lengthwise * 1.1 + 3, turn * 2, 7, 3));
  const ridge = smoothstep(0.93, 1, sin(5 * turn + 0.9 + PI / 2)) * noise(lengthwise * 2, turn, 3);
  color = mix(color, [0.15, 0.075, 0.025], clamp01(0.8 * freckle + 0.35 * bruise + 0.4 * ridge));
  const ends = max(smoothstep(-0.9, -0.97, s), smoothstep(0.955, 0.985, s));
  color = mix(color, [0.07, 0.045, 0.025], ends);
  return { albedo: color, gloss: 0.03, rough: 0.16, tilt: bumps(lengthwise, out * 2, up * 2, 0.07) };
}

/** A green leaf that begins to turn: midrib, side veins, yellow and brown towards its rim. */
function leafSurface(x: number, y: number, z: number): Surface {
  if (leafStalk(x, y, z) < 0.01) {
    return { albedo: [0.27, 0.25, 0.08], gloss: 0.02, rough: 0.3, tilt: LEVEL };
  }
  const u = x / LEAF_LENGTH;
  const side = abs(z);
  const rib = smoothstep(0.11, 0.03, side);
  const phase = (x - side * 0.85) * 1.15 + (z > 0 ? 0.4 : 0);
  const vein = smoothstep(0.1, 0.02, abs(phase - Math.round(phase))) * (1 - 0.6 * u);
  const rim = side / max(leafWidth(u), 0.2);
  const turned = smoothstep(0.7, 1.25, rim * 0.7 + fbm(x * 0.6, z * 0.9, 4, 3) * 0.75);
  let color = mix([0.045, 0.11, 0.018], [0.09, 0.175, 0.03], fbm(x * 1.4, z * 1.4, 2, 3));
  color = mix(color, [0.33, 0.19, 0.03], turned);
  color = mix(
    color,
    [0.2, 0.08, 0.03],
    0.7 * smoothstep(0.85, 1.1, rim + 0.3 * noise(x * 3, z * 3, 1) - 0.2),
  );
  color = mix(color, [0.24, 0.26, 0.09], max(0.75 * rib, 0.32 * vein));
  const groove = (phase - Math.round(phase)) * 0.28;
  return { albedo: color, gloss: 0.035, rough: 0.17, tilt: [groove, 0, groove * (z > 0 ? -0.8 : 0.8)] };
}

/** The surface of an object at a point of its own frame. */
export function objectSurface(id: number, x: number, y: number, z: number): Surface {
  if (id === MUG) return mugSurface(x, y, z);
  if (id === APPLE) return appleSurface(x, y, z);
  if (id === BANANA) return bananaSurface(x, y, z);
  if (id === LEAF) return leafSurface(x, y, z);
  throw new Error(`no material for object ${id}`);
}
