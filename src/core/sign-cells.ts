/** Where upscaled logits are certain to have the sign of their low-res cell, so that nobody need work them out. */
import { type Frame, LOW_RES_SIZE } from "./frame.ts";
import { type Axis, inputRange, type Window } from "./resample.ts";
import { scratchFloats } from "./scratch.ts";

/** What is known of the upscaled logits in a low-res cell. */
export const NEGATIVE = 0;
export const POSITIVE = 1;
export const OPEN = 2;

/** Both steps of the upscaling together read this many cells to each side of the cell a photo pixel lies in. */
const SUPPORT = 2;
/** Room for the rounding of 32-bit sums, relative to the largest logit. */
const ROUNDING = 1e-4;

/** The low-res cell of each photo column and row of a window. */
export interface WindowCells {
  readonly columns: Int32Array;
  readonly rows: Int32Array;
}

/** Looks up the cells of a window's columns and rows. */
export function windowCells(frame: Frame, { x0, y0, x1, y1 }: Window): WindowCells {
  return {
    columns: cellsOf(x0, x1, frame.scaledWidth / frame.width),
    rows: cellsOf(y0, y1, frame.scaledHeight / frame.height),
  };
}

function cellsOf(from: number, to: number, scale: number): Int32Array {
  const cells = new Int32Array(to - from);
  for (let i = 0; i < cells.length; i++)
    cells[i] = Math.min(LOW_RES_SIZE - 1, Math.floor(((i + from + 0.5) * scale) / 4));
  return cells;
}

/**
 * Which cells are certain. Interpolation with weights of sum 1, N of them negative in all, of values from `least` to
 * `most` gives at least least − N·(most − least), and at most the mirror image of that.
 *
 * @param lowRes `Float32Array [256, 256]`; not changed while it is in use, since answers are kept
 * @param columns the axes of the upscaling, which say how much the negative weights can add up to
 * @returns `Uint8Array [256, 256]` of {@link NEGATIVE}, {@link POSITIVE} and {@link OPEN}; cells that no photo pixel reads
 *   are NEGATIVE
 */
export function signCells(lowRes: Float32Array, columns: Axis, rows: Axis): Uint8Array {
  const across = factsOf(columns);
  const down = factsOf(rows);
  const lobes = (1 + across.negative) * down.negative + across.negative * (1 + down.negative);
  const known = knownSigns.get(lowRes);
  // What is certain with larger lobes is certain with smaller ones.
  if (known !== undefined && known.lobes >= lobes && known.right >= across.last && known.bottom >= down.last)
    return known.kinds;
  const kinds = new Uint8Array(lowRes.length);
  const tiles = tileExtremes(lowRes);
  for (let y = 0; y <= down.last; y += BLOCK)
    for (let x = 0; x <= across.last; x += BLOCK)
      markBlock(kinds, tiles, x / TILE, y / TILE, BLOCK / TILE, lobes);
  // Whole blocks are marked.
  const [right, bottom] = [across.last | (BLOCK - 1), down.last | (BLOCK - 1)];
  knownSigns.set(lowRes, { lobes, right, bottom, kinds });
  return kinds;
}

/** What {@link signCells} found, and for what: the lobes, and the last column and row that count. */
interface KnownSigns {
  readonly lobes: number;
  readonly right: number;
  readonly bottom: number;
  readonly kinds: Uint8Array;
}

/** Contrast, prompts and the mask itself ask for the same logits. */
const knownSigns = new WeakMap<Float32Array, KnownSigns>();

/** Cells of the squares that are looked at as a whole first. */
const BLOCK = 16;
/** Cells of the least squares that are told apart: as many as {@link SUPPORT}. */
const TILE = SUPPORT;
const TILES = LOW_RES_SIZE / TILE;

/** Extremes of the values in each tile, `Float32Array [128, 128]`. */
interface TileExtremes {
  readonly least: Float32Array;
  readonly most: Float32Array;
}

function tileExtremes(values: Float32Array): TileExtremes {
  const least = scratchFloats("least of tiles", TILES * TILES);
  const most = scratchFloats("most of tiles", TILES * TILES);
  for (let y = 0, t = 0; y < LOW_RES_SIZE; y += TILE) {
    for (let i = y * LOW_RES_SIZE, end = i + LOW_RES_SIZE; i < end; i += TILE, t++) {
      const a = values[i]!;
      const b = values[i + 1]!;
      const c = values[i + LOW_RES_SIZE]!;
      const d = values[i + LOW_RES_SIZE + 1]!;
      least[t] = Math.min(a, b, c, d);
      most[t] = Math.max(a, b, c, d);
    }
  }
  return { least, most };
}

/** Writes the kind of a square of tiles: that of all its cells at once where they are certain together. */
function markBlock(
  kinds: Uint8Array,
  tiles: TileExtremes,
  x: number,
  y: number,
  size: number,
  lobes: number,
): void {
  const kind = kindOfBlock(tiles, x, y, size, lobes);
  if (kind === OPEN && size > 1) {
    const half = size / 2;
    markBlock(kinds, tiles, x, y, half, lobes);
    markBlock(kinds, tiles, x + half, y, half, lobes);
    markBlock(kinds, tiles, x, y + half, half, lobes);
    markBlock(kinds, tiles, x + half, y + half, half, lobes);
  } else if (kind !== NEGATIVE) {
    const end = (y + size) * TILE;
    for (let row = y * TILE; row < end; row++)
      kinds.fill(kind, row * LOW_RES_SIZE + x * TILE, row * LOW_RES_SIZE + (x + size) * TILE);
  }
}

/** What is certain of all cells of a square, by the extremes of its tiles and those around it. */
function kindOfBlock(
  { least, most }: TileExtremes,
  x: number,
  y: number,
  size: number,
  lobes: number,
): number {
  const left = Math.max(0, x - 1);
  const right = Math.min(TILES, x + size + 1);
  const bottom = Math.min(TILES, y + size + 1);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let row = Math.max(0, y - 1); row < bottom; row++) {
    for (let t = row * TILES + left; t < row * TILES + right; t++) {
      if (least[t]! < low) low = least[t]!;
      if (most[t]! > high) high = most[t]!;
    }
  }
  const doubt = lobes * (high - low) + ROUNDING * Math.max(high, -low);
  return low > doubt ? POSITIVE : high < -doubt ? NEGATIVE : OPEN;
}

/**
 * What is certain of each cell together with the next ones: their kind where all are alike, else {@link OPEN}.
 *
 * @param kinds `Uint8Array [256, 256]`
 * @param window cells that are asked for; those beyond its last ones do not count
 * @param right cells to the right that count
 * @param below cells below that count
 */
export function jointKinds(
  kinds: Uint8Array,
  { columns, rows }: WindowCells,
  right: number,
  below: number,
): Uint8Array {
  const [x0, x1] = [columns[0]!, columns.at(-1)!];
  const [y0, y1] = [rows[0]!, rows.at(-1)!];
  const wide = new Uint8Array(kinds.length);
  const joint = new Uint8Array(kinds.length);
  for (let y = y0; y <= y1; y++) {
    const end = y * LOW_RES_SIZE + x1;
    for (let i = y * LOW_RES_SIZE + x0; i <= end; i++)
      wide[i] = jointKind(kinds, i, Math.min(end, i + right), 1);
  }
  for (let y = y0; y <= y1; y++) {
    for (let x = x0, i = y * LOW_RES_SIZE + x0; x <= x1; x++, i++)
      joint[i] = jointKind(wide, i, Math.min(y1, y + below) * LOW_RES_SIZE + x, LOW_RES_SIZE);
  }
  return joint;
}

/** The kind of cells `from` to `last`, every `stride`-th. */
function jointKind(kinds: Uint8Array, from: number, last: number, stride: number): number {
  const kind = kinds[from]!;
  for (let i = from + stride; i <= last; i += stride) if (kinds[i] !== kind) return OPEN;
  return kind;
}

/** What {@link signCells} needs to know of an axis. */
interface AxisFacts {
  /** The most that the negative weights of one output add up to, as a positive number. */
  readonly negative: number;
  /** The last input that is read. */
  readonly last: number;
}

const knownFacts = new WeakMap<Axis, AxisFacts>();

function factsOf(axis: Axis): AxisFacts {
  let facts = knownFacts.get(axis);
  if (facts === undefined) {
    let negative = 0;
    for (let o = 0; o < axis.outputs; o++) {
      let sum = 0;
      for (let t = o * axis.taps; t < (o + 1) * axis.taps; t++) sum += Math.min(0, axis.weight[t]!);
      negative = Math.max(negative, -sum);
    }
    facts = { negative, last: inputRange(axis, 0, axis.outputs)[1] };
    knownFacts.set(axis, facts);
  }
  return facts;
}

/**
 * Walks the rows of a window in runs of columns whose cells are of one kind.
 *
 * @param kinds `Uint8Array [256, 256]`
 * @param visit called with row and columns `[from, to)`, counted from the window's first
 */
export function forEachRun(
  kinds: Uint8Array,
  { columns, rows }: WindowCells,
  visit: (row: number, kind: number, from: number, to: number) => void,
): void {
  let runs: readonly number[] = [];
  for (let y = 0; y < rows.length; y++) {
    // The photo rows of one cell have their runs in common.
    if (y === 0 || rows[y] !== rows[y - 1]) runs = runsOf(kinds, rows[y]! * LOW_RES_SIZE, columns);
    for (let r = 0; r < runs.length; r += 3) visit(y, runs[r]!, runs[r + 1]!, runs[r + 2]!);
  }
}

/** `[kind, from, to]` for each run of one row. */
function runsOf(kinds: Uint8Array, offset: number, columns: Int32Array): number[] {
  const runs: number[] = [];
  for (let x = 0; x < columns.length; ) {
    const from = x;
    const kind = kinds[offset + columns[x]!]!;
    while (x < columns.length && kinds[offset + columns[x]!] === kind) x++;
    runs.push(kind, from, x);
  }
  return runs;
}
