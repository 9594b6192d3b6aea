import { describe, expect, it } from "vitest";
import { paneAt, panesOf } from "../../../src/webview/geometry/panes.ts";

describe("panes", () => {
  it("are one in every mode but side by side", () => {
    expect(panesOf("swipe", { width: 300, height: 200 })).toEqual([{ x: 0, y: 0, width: 300, height: 200 }]);
  });

  it("stand side by side on a wide stage, with the same size", () => {
    const [left, right] = panesOf("side-by-side", { width: 302, height: 200 });
    expect(left).toEqual({ x: 0, y: 0, width: 150, height: 200 });
    expect(right).toEqual({ x: 152, y: 0, width: 150, height: 200 });
  });

  it("stand one above the other on a narrow stage", () => {
    const [first, second] = panesOf("side-by-side", { width: 200, height: 302 });
    expect([first.height, second?.y]).toEqual([150, 152]);
  });

  it("are found by a place", () => {
    const panes = panesOf("side-by-side", { width: 302, height: 200 });
    expect(paneAt(panes, { x: 10, y: 10 })).toBe(panes[0]);
    expect(paneAt(panes, { x: 200, y: 10 })).toBe(panes[1]);
    expect(paneAt(panes, { x: -5, y: -5 })).toBe(panes[0]);
  });
});
