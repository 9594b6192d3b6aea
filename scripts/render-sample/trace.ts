import { objectSurface, type Surface, tableSurface, wallSurface } from "./materials.ts";
import { SHAPES, type Shape } from "./shapes.ts";
import {
  add,
  along,
  clamp01,
  cross,
  dot,
  mix,
  mul,
  normalize,
  reflect,
  scale,
  smoothstep,
  sub,
  tangents,
  type Vec,
} from "./vec.ts";

/** Random numbers for one sample: a pair per use, spread evenly over the samples of a pixel. */
export type Draw = (use: number) => [number, number];

/** Where a ray ended; shape null means table or wall. */
interface Hit {
  readonly t: number;
  readonly shape: Shape | null;
  readonly wall: boolean;
}

const { cos, exp, log, max, min, sin, sqrt, PI } = Math;

const NEAR_ENOUGH = 0.003;
const TABLE_END = -24;
const WALL_Z = -58;

/** A ray against one solid: in and out of its bounding sphere, then marching by its distance. */
function march(s: Shape, o: Vec, d: Vec, far: number): number {
  const wx = o[0] - s.at[0];
  const wz = o[2] - s.at[2];
  const ox = s.cos * wx - s.sin * wz;
  const oy = o[1] - s.at[1];
  const oz = s.sin * wx + s.cos * wz;
  const dx = s.cos * d[0] - s.sin * d[2];
  const dy = d[1];
  const dz = s.sin * d[0] + s.cos * d[2];
  const mx = ox - s.middle[0];
  const my = oy - s.middle[1];
  const mz = oz - s.middle[2];
  const b = mx * dx + my * dy + mz * dz;
  const root = b * b - (mx * mx + my * my + mz * mz) + s.radius * s.radius;
  if (root < 0) return Infinity;
  const half = sqrt(root);
  const end = min(far, half - b);
  let t = max(0, -b - half);
  for (let i = 0; i < 200 && t < end; i++) {
    const gap = s.distance(ox + dx * t, oy + dy * t, oz + dz * t);
    if (gap < NEAR_ENOUGH) return t;
    t += gap * s.step;
  }
  return Infinity;
}

/** The table top and the wall are planes. */
function plane(o: Vec, d: Vec): Hit | null {
  if (d[1] < 0) {
    const t = -o[1] / d[1];
    if (t > 1e-4 && o[2] + d[2] * t > TABLE_END) return { t, shape: null, wall: false };
  }
  if (d[2] < 0) return { t: (WALL_Z - o[2]) / d[2], shape: null, wall: true };
  return null;
}

function trace(o: Vec, d: Vec): Hit | null {
  let hit = plane(o, d);
  for (const shape of SHAPES) {
    const t = march(shape, o, d, hit ? hit.t : 200);
    if (t < (hit ? hit.t : Infinity)) hit = { t, shape, wall: false };
  }
  return hit;
}

/** Whether something stands between a point and the light (the planes never do). */
function blocked(o: Vec, d: Vec, far: number): boolean {
  for (const shape of SHAPES) if (march(shape, o, d, far) < far) return true;
  return false;
}

/** A point of a surface with its normal and material. */
interface Spot {
  readonly p: Vec;
  readonly n: Vec;
  readonly id: number;
  readonly surface: Surface;
}

const H = 0.004;

function normalOf(s: Shape, x: number, y: number, z: number): Vec {
  // Four samples at the corners of a tetrahedron.
  const a = s.distance(x + H, y - H, z - H);
  const b = s.distance(x - H, y - H, z + H);
  const c = s.distance(x - H, y + H, z - H);
  const e = s.distance(x + H, y + H, z + H);
  return normalize([a - b - c + e, -a - b + c + e, -a + b - c + e]);
}

function objectSpot(s: Shape, p: Vec): Spot {
  const wx = p[0] - s.at[0];
  const wz = p[2] - s.at[2];
  const x = s.cos * wx - s.sin * wz;
  const y = p[1] - s.at[1];
  const z = s.sin * wx + s.cos * wz;
  const surface = objectSurface(s.id, x, y, z);
  const n = normalize(add(normalOf(s, x, y, z), surface.tilt));
  const world: Vec = [s.cos * n[0] + s.sin * n[2], n[1], s.cos * n[2] - s.sin * n[0]];
  return { p: along(p, world, 0.012), n: world, id: s.id, surface };
}

function spotAt(hit: Hit, o: Vec, d: Vec): Spot {
  const p = along(o, d, hit.t);
  if (hit.shape) return objectSpot(hit.shape, p);
  if (hit.wall) return { p, n: [0, 0, 1], id: 0, surface: wallSurface(p[0], p[1]) };
  const surface = tableSurface(p[0], p[2]);
  return { p, n: normalize(add([0, 1, 0], surface.tilt)), id: 0, surface };
}

// The light: a tall window to the left, a little in front of the objects.
const WINDOW: Vec = [-56, 44, 20];
const WINDOW_OUT: Vec = normalize([0.86, -0.42, -0.24]);
const WINDOW_SIDE: Vec = normalize(cross([0, 1, 0], WINDOW_OUT));
const WINDOW_UP: Vec = cross(WINDOW_OUT, WINDOW_SIDE);
const WINDOW_HALF_WIDTH = 17;
const WINDOW_HALF_HEIGHT = 22;
const DAYLIGHT: Vec = [20.6, 19.3, 17.5];
const AREA = 4 * WINDOW_HALF_WIDTH * WINDOW_HALF_HEIGHT;

/** Light from one random point of the window, divided by π. */
function fromWindow(p: Vec, n: Vec, draw: [number, number]): Vec {
  const q = along(
    along(WINDOW, WINDOW_SIDE, (2 * draw[0] - 1) * WINDOW_HALF_WIDTH),
    WINDOW_UP,
    (2 * draw[1] - 1) * WINDOW_HALF_HEIGHT,
  );
  const way = sub(q, p);
  const far = sqrt(dot(way, way));
  const d = scale(way, 1 / far);
  const facing = dot(n, d);
  const leaving = -dot(WINDOW_OUT, d);
  if (facing <= 0 || leaving <= 0 || blocked(p, d, far)) return [0, 0, 0];
  return scale(DAYLIGHT, (facing * leaving * AREA) / (far * far * PI));
}

/** The room beyond the picture: a pale ceiling, a darker side away from the window. */
function room(d: Vec): Vec {
  const up = smoothstep(-0.4, 0.9, d[1]);
  const left = clamp01(0.5 - 0.5 * d[0]);
  return scale(mix([0.13, 0.1, 0.075], [0.34, 0.36, 0.4], up), 0.55 + 0.75 * left);
}

/** What a mirrored ray sees of the window: four panes and their bars. */
function windowSeen(o: Vec, d: Vec): Vec | null {
  const facing = dot(d, WINDOW_OUT);
  if (facing >= 0) return null;
  const q = along(o, d, dot(sub(WINDOW, o), WINDOW_OUT) / facing);
  const x = Math.abs(dot(sub(q, WINDOW), WINDOW_SIDE));
  const y = Math.abs(dot(sub(q, WINDOW), WINDOW_UP));
  if (x > WINDOW_HALF_WIDTH || y > WINDOW_HALF_HEIGHT) return null;
  return x < 0.9 || y < 0.9 ? [0.3, 0.3, 0.3] : DAYLIGHT;
}

const AMBIENT: Vec = [0.15, 0.14, 0.13];

/** Light that reaches a spot's surroundings and comes on to it: the second bounce is a constant. */
function bounced(o: Vec, d: Vec, draw: [number, number]): Vec {
  const hit = trace(o, d);
  if (!hit) return room(d);
  const spot = spotAt(hit, o, d);
  return mul(spot.surface.albedo, add(fromWindow(spot.p, spot.n, draw), AMBIENT));
}

/** A direction over the surface, denser towards its normal as matt surfaces weigh it. */
function scattered(n: Vec, draw: [number, number]): Vec {
  const [u, v] = tangents(n);
  const r = sqrt(draw[0]);
  const a = 2 * PI * draw[1];
  return add(along(scale(u, r * cos(a)), v, r * sin(a)), scale(n, sqrt(max(0, 1 - draw[0]))));
}

function mirrored(d: Vec, n: Vec, rough: number, draw: [number, number]): Vec {
  const r = rough * sqrt(-2 * log(1 - draw[0] * 0.98));
  const a = 2 * PI * draw[1];
  const [u, v] = tangents(n);
  const facet = normalize(add(along(scale(u, r * cos(a)), v, r * sin(a)), n));
  return reflect(d, facet);
}

function mirrorLight(spot: Spot, d: Vec, draw: Draw): Vec {
  const { gloss, rough } = spot.surface;
  if (gloss === 0) return [0, 0, 0];
  const away = mirrored(d, spot.n, rough, draw(4));
  if (dot(away, spot.n) <= 0) return [0, 0, 0];
  // Rough surfaces do not become mirrors at grazing angles.
  const grazing = (1 - clamp01(-dot(d, spot.n))) ** 5 * exp(-5 * rough);
  const share = gloss + (1 - gloss) * grazing;
  const pane = windowSeen(spot.p, away);
  const light = pane && !blocked(spot.p, away, 80) ? pane : bounced(spot.p, away, draw(5));
  return scale(light, share);
}

const EYE: Vec = [0.4, 18.6, 49.5];
const TARGET: Vec = [0.2, 4.1, 1];
const FORWARD: Vec = normalize(sub(TARGET, EYE));
const RIGHT: Vec = normalize(cross(FORWARD, [0, 1, 0]));
const UP: Vec = cross(RIGHT, FORWARD);
/** Half the picture's height at distance 1, and the lens: focus on the mug's front. */
const HALF_HEIGHT = 0.232;
const FOCUS = 48;
const APERTURE = 0.2;

/** The ray through a place of the picture (x, y in -1..1 of the height) and a point of the lens. */
function cameraRay(x: number, y: number, lens: [number, number]): [Vec, Vec] {
  const aim = along(along(FORWARD, RIGHT, x * HALF_HEIGHT), UP, y * HALF_HEIGHT);
  const focus = along(EYE, aim, FOCUS);
  const r = APERTURE * sqrt(lens[0]);
  const a = 2 * PI * lens[1];
  const o = along(along(EYE, RIGHT, r * cos(a)), UP, r * sin(a));
  return [o, normalize(sub(focus, o))];
}

/** The light and the object that one sample of the picture sees. */
export function sample(x: number, y: number, draw: Draw): { light: Vec; id: number } {
  const [o, d] = cameraRay(x, y, draw(0));
  const hit = trace(o, d);
  if (!hit) return { light: room(d), id: 0 };
  const spot = spotAt(hit, o, d);
  const direct = fromWindow(spot.p, spot.n, draw(1));
  const indirect = bounced(spot.p, scattered(spot.n, draw(2)), draw(3));
  const matt = mul(spot.surface.albedo, add(direct, indirect));
  return { light: add(matt, mirrorLight(spot, d, draw)), id: spot.id };
}
