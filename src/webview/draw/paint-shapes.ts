/** Paints shapes with their edges into a tile. */
import type { Spans } from "../masks/spans.ts";
import { APRON, GRID_SIDE, labelGrid } from "./label-grid.ts";
import { TILE_SIZE, type Tile, touches } from "./tile.ts";

/** A region as it is drawn; colours as {@link ink} makes them. */
export interface Shape {
  readonly spans: Spans;
  /** 0 for none. */
  readonly fill: number;
  readonly edge: number;
  /** Around the shape, so that its edge shows on any photo. */
  readonly halo: number;
}

/** How edges look. */
export interface EdgeStyle {
  /** Every other stretch of the edge is left out. @default false */
  readonly dashed?: boolean;
}

/** Pixels of a gap between dashes, which are four times as long. */
const GAP = 5;

/** The pixels of a tile, `Uint32Array [TILE_SIZE, TILE_SIZE]`; `undefined` when it is empty. */
export function paintShapes(
  shapes: readonly Shape[],
  { dashed = false }: EdgeStyle,
  tile: Tile,
): Uint32Array<ArrayBuffer> | undefined {
  const near = shapes.filter(({ spans: { box } }) => box !== undefined && touches(tile, box));
  if (near.length === 0) return undefined;
  const labels = labelGrid(
    near.map(({ spans }) => spans),
    tile,
  );
  if (labels === undefined) return undefined;
  const pixels = new Uint32Array(TILE_SIZE * TILE_SIZE);
  const left = tile.column * TILE_SIZE;
  const top = tile.row * TILE_SIZE;
  for (let y = 0, to = 0; y < TILE_SIZE; y++) {
    let from = (y + APRON) * GRID_SIDE + APRON;
    for (let x = 0; x < TILE_SIZE; x++, from++, to++) {
      const label = labels[from]!;
      if (label === 0) {
        const beside = shapeBeside(labels, from);
        if (beside > 0 && !(dashed && inGap(left + x, top + y))) pixels[to] = near[beside - 1]!.halo;
      } else {
        const { fill, edge } = near[label - 1]!;
        const drawn = isEdge(labels, from) && !(dashed && inGap(left + x, top + y));
        pixels[to] = drawn ? edge : fill;
      }
    }
  }
  return pixels;
}

/** The number of a shape next to the pixel, 0 for none. */
function shapeBeside(labels: Uint16Array, i: number): number {
  return labels[i - 1]! || labels[i + 1]! || labels[i - GRID_SIDE]! || labels[i + GRID_SIDE]!;
}

/** Whether the shape ends within two pixels. */
function isEdge(labels: Uint16Array, i: number): boolean {
  const label = labels[i];
  return (
    labels[i - 1] !== label ||
    labels[i + 1] !== label ||
    labels[i - GRID_SIDE] !== label ||
    labels[i + GRID_SIDE] !== label ||
    labels[i - 2] !== label ||
    labels[i + 2] !== label ||
    labels[i - 2 * GRID_SIDE] !== label ||
    labels[i + 2 * GRID_SIDE] !== label
  );
}

/** Gaps lie a knight's move apart, so that a line of any direction meets some and none is lost in them. */
function inGap(x: number, y: number): boolean {
  return (Math.floor(x / GAP) + 2 * Math.floor(y / GAP)) % 5 === 0;
}
