/** A picture as large as the photo at any zoom, of which only what is seen is painted, once. */
import type { Box, Size } from "../types.ts";
import { levelFor, TILE_SIZE, type Tile, tilesIn, touches } from "./tile.ts";

/** The pixels of a tile; `undefined` when nothing is on it. */
export type PaintTile = (tile: Tile) => Uint32Array<ArrayBuffer> | undefined;

/** Where the photo lies on the canvas, in device pixels. */
export interface Placement {
  /** Of the photo's top-left corner. */
  readonly left: number;
  readonly top: number;
  /** Device pixels per photo pixel. */
  readonly scale: number;
  /** What is seen of the canvas. */
  readonly clip: Size & { readonly x: number; readonly y: number };
}

interface Painted {
  readonly tile: Tile;
  /** `null` when nothing is on it. */
  canvas: HTMLCanvasElement | null;
  /** Shown until it is painted anew. */
  stale: boolean;
}

/** Painted tiles kept for later, beside those that are seen. */
const KEPT = 96;
/** How many levels larger ones are looked for while a tile is not painted. */
const FALLBACK_LEVELS = 4;

/** The tiles of one picture. */
export class TileLayer {
  readonly #paint: PaintTile;
  readonly #painted = new Map<string, Painted>();

  constructor(paint: PaintTile) {
    this.#paint = paint;
  }

  /** Tiles that touch the box, or all, are to be painted anew. */
  invalidate(box?: Box): void {
    for (const painted of this.#painted.values()) {
      if (box === undefined || touches(painted.tile, box)) painted.stale = true;
    }
  }

  /**
   * Draws what is seen, painting tiles until `deadline` (of `performance.now()`); at least one is painted.
   *
   * @returns whether all was drawn as it is now
   */
  draw(context: CanvasRenderingContext2D, photo: Size, placement: Placement, deadline: number): boolean {
    const { left, top, scale, clip } = placement;
    const level = levelFor(scale);
    const tiles = tilesIn(
      level,
      Math.max((clip.x - left) / scale, 0),
      Math.max((clip.y - top) / scale, 0),
      Math.min((clip.x + clip.width - left) / scale, photo.width),
      Math.min((clip.y + clip.height - top) / scale, photo.height),
    );
    let complete = true;
    let paintedOne = false;
    for (const tile of tiles) {
      const painted = this.#get(tile);
      if (painted === undefined || painted.stale) {
        if (!paintedOne || performance.now() < deadline) {
          this.#put(tile, painted);
          paintedOne = true;
        } else complete = false;
      }
      this.#drawTile(context, tile, placement);
    }
    this.#forget(KEPT + 2 * tiles.length);
    return complete;
  }

  #get(tile: Tile): Painted | undefined {
    return this.#painted.get(keyOf(tile));
  }

  /** Paints a tile; those used last stand at the end. */
  #put(tile: Tile, before: Painted | undefined): void {
    const pixels = this.#paint(tile);
    const canvas = pixels === undefined ? null : (before?.canvas ?? document.createElement("canvas"));
    if (canvas !== null && pixels !== undefined) fillCanvas(canvas, pixels);
    this.#painted.delete(keyOf(tile));
    this.#painted.set(keyOf(tile), { tile, canvas, stale: false });
  }

  #drawTile(context: CanvasRenderingContext2D, tile: Tile, placement: Placement): void {
    const own = this.#get(tile);
    if (own !== undefined) {
      if (own.canvas) drawPart(context, own.canvas, tile, tile, placement);
      return;
    }
    for (let up = 1; up <= FALLBACK_LEVELS; up++) {
      const share = 2 ** -up;
      const parent = {
        level: tile.level - up,
        column: Math.floor(tile.column * share),
        row: Math.floor(tile.row * share),
      };
      const painted = this.#get(parent);
      if (painted === undefined) continue;
      if (painted.canvas) drawPart(context, painted.canvas, parent, tile, placement);
      return;
    }
    for (const child of childrenOf(tile)) {
      const canvas = this.#get(child)?.canvas;
      if (canvas) drawPart(context, canvas, child, child, placement);
    }
  }

  #forget(kept: number): void {
    for (const key of this.#painted.keys()) {
      if (this.#painted.size <= kept) return;
      this.#painted.delete(key);
    }
  }
}

function keyOf({ level, column, row }: Tile): string {
  return `${level}/${column}/${row}`;
}

function childrenOf({ level, column, row }: Tile): Tile[] {
  return [0, 1, 2, 3].map((i) => ({
    level: level + 1,
    column: 2 * column + (i & 1),
    row: 2 * row + (i >> 1),
  }));
}

function fillCanvas(canvas: HTMLCanvasElement, pixels: Uint32Array<ArrayBuffer>): void {
  if (canvas.width !== TILE_SIZE) canvas.width = TILE_SIZE;
  if (canvas.height !== TILE_SIZE) canvas.height = TILE_SIZE;
  const image = new ImageData(new Uint8ClampedArray(pixels.buffer), TILE_SIZE, TILE_SIZE);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/** Draws the place of `shown` out of the painted tile `from`. Whole device pixels, so that neighbours meet. */
function drawPart(
  context: CanvasRenderingContext2D,
  canvas: HTMLCanvasElement,
  from: Tile,
  shown: Tile,
  { left, top, scale }: Placement,
): void {
  const side = (TILE_SIZE * scale) / 2 ** shown.level;
  const x0 = Math.round(left + shown.column * side);
  const y0 = Math.round(top + shown.row * side);
  const x1 = Math.round(left + (shown.column + 1) * side);
  const y1 = Math.round(top + (shown.row + 1) * side);
  const part = TILE_SIZE * 2 ** (from.level - shown.level);
  const partX = shown.column * part - from.column * TILE_SIZE;
  const partY = shown.row * part - from.row * TILE_SIZE;
  context.drawImage(canvas, partX, partY, part, part, x0, y0, x1 - x0, y1 - y0);
}
