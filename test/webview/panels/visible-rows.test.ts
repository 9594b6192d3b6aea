import { describe, expect, it } from "vitest";
import { scrollTo, visibleRows } from "../../../src/webview/panels/visible-rows.ts";

describe("lines of a long list", () => {
  it("are those on the screen and a few around", () => {
    expect(visibleRows(0, 100, 20, 500)).toEqual([0, 9]);
    expect(visibleRows(2000, 100, 20, 500)).toEqual([96, 109]);
    expect(visibleRows(9900, 100, 20, 500)).toEqual([491, 500]);
    expect(visibleRows(0, 100, 20, 0)).toEqual([0, 0]);
  });

  it("are scrolled to as little as needed", () => {
    expect(scrollTo(3, 0, 100, 20)).toBe(0);
    expect(scrollTo(10, 0, 100, 20)).toBe(120);
    expect(scrollTo(2, 200, 100, 20)).toBe(40);
  });
});
