/** Paints added, removed and relabelled pixels into a tile, each with a colour and a pattern of its own. */
import { ADDED, type Changes, eachChange, REMOVED } from "../masks/changes.ts";
import type { Spans } from "../masks/spans.ts";
import { TILE_SIZE, type Tile, touches } from "./tile.ts";

/** Colours as {@link ink} makes them: of the ground and of the pattern on it. */
export interface ChangeInks {
  readonly added: readonly [ground: number, pattern: number];
  readonly removed: readonly [ground: number, pattern: number];
  readonly relabelled: readonly [ground: number, pattern: number];
}

/** Distance of stripes and dots; divides the tile's side, so that patterns of neighbours meet. */
const PERIOD = 8;

/** The pixels of a tile, `Uint32Array [TILE_SIZE, TILE_SIZE]`; `undefined` when nothing changed there. */
export function paintChanges(
  changes: readonly Changes[],
  inks: ChangeInks,
  tile: Tile,
): Uint32Array<ArrayBuffer> | undefined {
  const kinds = changeKinds(changes, tile);
  if (kinds === undefined) return undefined;
  const pixels = new Uint32Array(kinds.length);
  const byKind = [undefined, inks.added, inks.removed, inks.relabelled];
  for (let i = 0; i < kinds.length; i++) {
    const kind = kinds[i]!;
    const colours = byKind[kind];
    if (colours === undefined) continue;
    pixels[i] = colours[inPattern(kind, i % TILE_SIZE, Math.floor(i / TILE_SIZE)) ? 1 : 0];
  }
  return pixels;
}

/** Stripes that rise for added, stripes that fall for removed, dots for relabelled pixels. */
function inPattern(kind: number, x: number, y: number): boolean {
  if (kind === ADDED) return (x + y) % PERIOD < 2;
  if (kind === REMOVED) return (x - y + TILE_SIZE) % PERIOD < 2;
  return x % PERIOD < 3 && y % PERIOD < 3;
}

/** `Uint8Array [TILE_SIZE, TILE_SIZE]` of 1 for added, 2 for removed, 3 for relabelled, 0 for unchanged pixels. */
export function changeKinds(changes: readonly Changes[], tile: Tile): Uint8Array | undefined {
  const near = changes.filter(({ added, removed }) => [added, removed].some((s) => nearby(s, tile)));
  if (near.length === 0) return undefined;
  return tile.level < 0 ? reducedKinds(near, tile) : magnifiedKinds(near, tile);
}

function nearby({ box, ends }: Spans, tile: Tile): boolean {
  return box !== undefined && ends.length > 0 && touches(tile, box);
}

/** Every photo pixel is some tile pixels wide. */
function magnifiedKinds(changes: readonly Changes[], { level, column, row }: Tile): Uint8Array {
  const kinds = new Uint8Array(TILE_SIZE * TILE_SIZE);
  const size = 2 ** level;
  const top = row * TILE_SIZE;
  const left = column * TILE_SIZE;
  eachChange(
    changes,
    Math.floor(top / size),
    Math.ceil((top + TILE_SIZE) / size) - 1,
    (start, end, y, kind) => {
      const from = Math.max(start * size - left, 0);
      const to = Math.min(end * size - left, TILE_SIZE);
      const last = Math.min((y + 1) * size - top, TILE_SIZE);
      for (let tileY = Math.max(y * size - top, 0); tileY < last; tileY++) {
        for (let x = from; x < to; x++) kinds[tileY * TILE_SIZE + x]! |= kind;
      }
    },
  );
  return kinds;
}

/**
 * A tile pixel holds many photo pixels. Pixels that one region lost and another gained are told from neighbours that were
 * lost and gained, so both marks must meet in one photo pixel, row by row.
 */
function reducedKinds(changes: readonly Changes[], { level, column, row }: Tile): Uint8Array {
  const kinds = new Uint8Array(TILE_SIZE * TILE_SIZE);
  const size = 2 ** -level;
  const left = column * TILE_SIZE * size;
  const width = TILE_SIZE * size;
  const line = new Uint8Array(width);
  const top = row * TILE_SIZE * size;
  for (let y = top; y < top + width; y++) {
    let first = width;
    let last = 0;
    eachChange(changes, y, y, (start, end, _, kind) => {
      const from = Math.max(start - left, 0);
      const to = Math.min(end - left, width);
      for (let x = from; x < to; x++) line[x]! |= kind;
      first = Math.min(first, from);
      last = Math.max(last, to);
    });
    const base = Math.floor((y - top) / size) * TILE_SIZE;
    for (let x = first; x < last; x++) {
      const i = base + Math.floor(x / size);
      if (line[x]! > 0) kinds[i] = strongest(kinds[i]!, line[x]!);
    }
    if (first < last) line.fill(0, first, last);
  }
  return kinds;
}

/** What a pixel shows that holds several kinds: relabelled ones last, they are the most ordinary inside. */
function strongest(a: number, b: number): number {
  return a === 0 ? b : b === 0 ? a : Math.min(a, b);
}
