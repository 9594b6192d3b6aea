import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runsOf } from "../../../src/protocol/mask-runs.ts";
import { haloInk, hexColour, ink } from "../../../src/webview/draw/ink.ts";
import { APRON, GRID_SIDE, labelGrid } from "../../../src/webview/draw/label-grid.ts";
import { paintShapes } from "../../../src/webview/draw/paint-shapes.ts";
import { TILE_SIZE } from "../../../src/webview/draw/tile.ts";
import { spansOf } from "../../../src/webview/masks/spans.ts";
import { rectangle } from "../../helpers/ascii-mask.ts";
import { anyMask, drawn } from "../samples.ts";

const at = (pixels: Uint32Array | Uint16Array, x: number, y: number): number => pixels[y * TILE_SIZE + x]!;
const grid = (labels: Uint16Array, x: number, y: number): number =>
  labels[(y + APRON) * GRID_SIDE + x + APRON]!;

describe("labels of a tile", () => {
  it("are the mask at its own size", () => {
    fc.assert(
      fc.property(anyMask(), (mask) => {
        const labels = labelGrid([spansOf(runsOf(mask))], { level: 0, column: 0, row: 0 });
        for (let i = 0; i < mask.data.length; i++) {
          const value = labels ? grid(labels, i % mask.width, Math.floor(i / mask.width)) : 0;
          expect(value).toBe(mask.data[i]);
        }
      }),
    );
  });

  it("are squares when magnified", () => {
    const labels = labelGrid([spansOf(drawn`.#`)], { level: 3, column: 0, row: 0 })!;
    expect([7, 8, 15, 16].map((x) => grid(labels, x, 7))).toEqual([0, 1, 1, 0]);
    expect(grid(labels, 8, 8)).toBe(0);
  });

  it("lose no pixel when reduced", () => {
    fc.assert(
      fc.property(anyMask(), (mask) => {
        const labels = labelGrid([spansOf(runsOf(mask))], { level: -2, column: 0, row: 0 });
        mask.data.forEach((value, i) => {
          const x = (i % mask.width) >> 2;
          const y = Math.floor(i / mask.width) >> 2;
          if (value === 1) expect(labels && grid(labels, x, y)).toBe(1);
        });
      }),
    );
  });

  it("are those of the last shape where some overlap", () => {
    const shapes = [spansOf(drawn`###`), spansOf(drawn`.#.`)];
    const labels = labelGrid(shapes, { level: 0, column: 0, row: 0 })!;
    expect([0, 1, 2].map((x) => grid(labels, x, 0))).toEqual([1, 2, 1]);
  });
});

describe("a painted tile", () => {
  const colours = { fill: ink([255, 0, 0], 0.4), edge: ink([255, 0, 0]), halo: ink([0, 0, 0], 0.6) };
  const shape = { spans: spansOf(runsOf(rectangle(64, 64, [10, 10, 29, 29]))), ...colours };

  it("has a fill, an edge of two pixels inside, and a halo of one outside", () => {
    const pixels = paintShapes([shape], {}, { level: 0, column: 0, row: 0 })!;
    expect([8, 9, 10, 11, 12].map((x) => at(pixels, x, 20))).toEqual([
      0,
      colours.halo,
      colours.edge,
      colours.edge,
      colours.fill,
    ]);
  });

  it("has an edge of the same width at any magnification", () => {
    const pixels = paintShapes([shape], {}, { level: 4, column: 0, row: 0 })!;
    expect([159, 160, 161, 162].map((x) => at(pixels, x, 200))).toEqual([
      colours.halo,
      colours.edge,
      colours.edge,
      colours.fill,
    ]);
  });

  it("meets its neighbour: no edge where a shape goes on", () => {
    const wide = { spans: spansOf(runsOf(rectangle(1024, 16, [0, 4, 1023, 12]))), ...colours };
    const left = paintShapes([wide], {}, { level: 0, column: 0, row: 0 })!;
    const right = paintShapes([wide], {}, { level: 0, column: 1, row: 0 })!;
    expect(at(left, TILE_SIZE - 1, 8)).toBe(colours.fill);
    expect(at(right, 0, 8)).toBe(colours.fill);
  });

  it("is none where no shape is", () => {
    expect(paintShapes([shape], {}, { level: 0, column: 1, row: 0 })).toBeUndefined();
  });

  it("cuts dashes into edges of any direction, and loses none", () => {
    for (let angle = 0; angle < 180; angle += 5) {
      const direction = { x: Math.cos((angle * Math.PI) / 180), y: Math.sin((angle * Math.PI) / 180) };
      const data = new Uint8Array(400 * 400);
      for (let step = -180; step <= 180; step += 0.25) {
        const x = Math.round(200 + step * direction.x);
        data[Math.round(200 + step * direction.y) * 400 + x] = 1;
      }
      const line = { spans: spansOf(runsOf({ width: 400, height: 400, data })), ...colours, fill: 0 };
      const tile = { level: 0, column: 0, row: 0 };
      const edges = (pixels: Uint32Array | undefined): number =>
        pixels?.filter((pixel) => pixel === colours.edge).length ?? 0;
      const share = edges(paintShapes([line], { dashed: true }, tile)) / edges(paintShapes([line], {}, tile));
      expect([angle, share > 0.45 && share < 0.95]).toEqual([angle, true]);
    }
  });
});

describe("ink", () => {
  it("is what canvases store", () => {
    expect([...new Uint8Array(Uint32Array.of(ink([1, 2, 3], 1)).buffer)]).toEqual([1, 2, 3, 255]);
  });

  it("reads colours of regions", () => {
    expect(hexColour("#0a80ff")).toEqual([10, 128, 255]);
    expect(hexColour("red")).toEqual([0, 0, 0]);
  });

  it("stands out: light beside dark colours, dark beside light ones", () => {
    expect(haloInk([0, 0, 128])).toBe(ink([255, 255, 255], 0.8));
    expect(haloInk([240, 230, 90])).toBe(ink([0, 0, 0], 0.6));
  });
});
