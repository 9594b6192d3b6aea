import { describe, expect, it } from "vitest";
import {
  type ColourModel,
  colourGrid,
  fitColourModels,
  sampleStep,
  shareOf,
  sigmoid,
} from "../../../src/core/edges/local-colour.ts";
import { toLab } from "../../../src/core/lab.ts";
import { everyNth } from "../../../src/core/upscale.ts";
import { type Colour, type Edges, logitsOf, sceneOf, upscaled } from "./scene.ts";

const RED: Colour = [200, 40, 30];
const BLUE: Colour = [30, 60, 200];
const OBJECT: Edges = [120, 120, 300, 400];
const CELL = 2;

function modelOf(
  object: Colour,
  ground: Colour,
): { model: ColourModel; cellAt: (x: number, y: number) => number } {
  const logits = upscaled(logitsOf(OBJECT), 32);
  const grid = colourGrid(logits, CELL);
  const samples = everyNth(logits, sampleStep(CELL));
  const [model] = fitColourModels(sceneOf(OBJECT, object, ground), logits, samples, grid, CELL, [2]);
  /** Index of the grid cell that holds a photo pixel. */
  const cellAt = (x: number, y: number) =>
    Math.floor((y - logits.y0) / grid.step) * grid.columns + Math.floor((x - logits.x0) / grid.step);
  return { model: model!, cellAt };
}

describe("colourGrid", () => {
  it("has cells of two low-res cells and covers the window", () => {
    const window = { x0: 10, y0: 20, x1: 31, y1: 28, data: new Float32Array(21 * 8) };
    expect(colourGrid(window, 2)).toEqual({ columns: 6, rows: 2, step: 4 });
  });
});

describe("fitColourModels", () => {
  it("counts the object's colour for the inside and the ground's for the outside", () => {
    const { model, cellAt } = modelOf(RED, BLUE);
    const at = cellAt(OBJECT[2], 250);
    const logOdds = (colour: Colour): number => {
      const planes = [new Float32Array(1), new Float32Array(1), new Float32Array(1)] as const;
      toLab(colour, 1, planes);
      const plane = (p: number) => model.planes[p]![at]!;
      return planes.reduce((sum, [v], c) => sum + plane(c) * v! * v! + plane(c + 3) * v!, plane(6));
    };
    expect(logOdds(RED)).toBeGreaterThan(2);
    expect(logOdds(BLUE)).toBeLessThan(-2);
  });

  it("trusts colours where both sides are present and differ", () => {
    const { model, cellAt } = modelOf(RED, BLUE);
    expect(model.trust[cellAt(OBJECT[2], 250)]).toBeGreaterThan(0.7);
  });

  it("does not trust them far from the contour, where one side is absent", () => {
    const { model, cellAt } = modelOf(RED, BLUE);
    expect(model.trust[cellAt(210, 250)]).toBeLessThan(0.05);
  });

  it("trusts them less where both sides look alike", () => {
    const gray: Colour = [30, 30, 30];
    const { model, cellAt } = modelOf(gray, gray);
    expect(model.trust[cellAt(OBJECT[2], 250)]).toBeLessThan(0.3);
  });
});

describe("sigmoid", () => {
  it("is 1 / (1 + e^−v)", () => {
    expect(sigmoid(0)).toBe(0.5);
    expect(sigmoid(Math.log(3))).toBeCloseTo(0.75, 12);
    expect([sigmoid(-1000), sigmoid(1000)]).toEqual([0, 1]);
  });
});

describe("shareOf", () => {
  it("is the sigmoid to what 32 bits hold, everywhere", () => {
    for (let v = -40; v <= 40; v += 0.00137) expect(Math.abs(shareOf(v) - sigmoid(v))).toBeLessThan(3e-7);
  });
});
