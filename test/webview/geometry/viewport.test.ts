import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fitBox,
  fitPhoto,
  inside,
  MAX_SCALE,
  type Pane,
  panBy,
  toPhoto,
  toScreen,
  type Viewport,
  zoomAt,
} from "../../../src/webview/geometry/viewport.ts";

const photo = { width: 1000, height: 750 };
const pane: Pane = { x: 40, y: 10, width: 600, height: 400 };
const places = fc.record({
  x: fc.double({ min: 0, max: 1000, noNaN: true }),
  y: fc.double({ min: 0, max: 750, noNaN: true }),
});
const viewports: fc.Arbitrary<Viewport> = fc
  .tuple(places, fc.double({ min: 0.3, max: 60, noNaN: true }))
  .map(([place, scale]) => ({ ...place, scale }));

describe("a viewport", () => {
  it("shows its own place in the middle of the pane", () => {
    expect(toScreen({ x: 12, y: 34, scale: 5 }, pane, { x: 12, y: 34 })).toEqual({ x: 340, y: 210 });
  });

  it("leads from photo to screen and back", () => {
    fc.assert(
      fc.property(viewports, places, (viewport, place) => {
        const back = toPhoto(viewport, pane, toScreen(viewport, pane, place));
        expect(back.x).toBeCloseTo(place.x, 6);
        expect(back.y).toBeCloseTo(place.y, 6);
      }),
    );
  });

  it("fits the photo into the pane, and leaves a little room", () => {
    const { x, y, scale } = fitPhoto(photo, pane);
    expect([x, y]).toEqual([500, 375]);
    expect(scale).toBeCloseTo(0.97 * Math.min(600 / 1000, 400 / 750));
  });

  it("fits a tiny photo without going beyond the largest magnification", () => {
    expect(fitPhoto({ width: 2, height: 2 }, pane).scale).toBe(MAX_SCALE);
  });

  it("shows a box with its surroundings", () => {
    const viewport = fitBox([100, 200, 199, 299], photo, pane);
    expect([viewport.x, viewport.y]).toEqual([150, 250]);
    const corner = toScreen(viewport, pane, { x: 200, y: 300 });
    expect(corner.y).toBeLessThan(pane.y + pane.height);
    expect(viewport.scale).toBeGreaterThan(fitPhoto(photo, pane).scale);
  });
});

describe("zooming", () => {
  it("keeps the place under the pointer", () => {
    const middle = { x: 500, y: 375, scale: 2 };
    const at = { x: 300, y: 250 };
    const held = toPhoto(middle, pane, at);
    const after = zoomAt(middle, photo, pane, at, 1.5);
    expect(after.scale).toBe(3);
    const shown = toScreen(after, pane, held);
    expect(shown.x).toBeCloseTo(at.x);
    expect(shown.y).toBeCloseTo(at.y);
  });

  it("ends at 64 times, and at half of the whole photo", () => {
    fc.assert(
      fc.property(viewports, fc.double({ min: 0.001, max: 1000, noNaN: true }), (viewport, factor) => {
        const { scale, x, y } = zoomAt(viewport, photo, pane, { x: 100, y: 100 }, factor);
        expect(scale).toBeLessThanOrEqual(64);
        expect(scale).toBeGreaterThanOrEqual(fitPhoto(photo, pane).scale / 2 - 1e-9);
        expect([x >= 0, x <= 1000, y >= 0, y <= 750]).toEqual([true, true, true, true]);
      }),
    );
  });
});

describe("panning", () => {
  it("moves by screen pixels", () => {
    expect(panBy({ x: 500, y: 300, scale: 4 }, photo, 40, -8)).toEqual({ x: 490, y: 302, scale: 4 });
  });

  it("does not lose the photo", () => {
    expect(panBy({ x: 10, y: 740, scale: 1 }, photo, 500, -500)).toEqual({ x: 0, y: 750, scale: 1 });
    expect(inside({ x: -5, y: 9999, scale: 1 }, photo)).toEqual({ x: 0, y: 750, scale: 1 });
  });
});
