import { describe, expect, it } from "vitest";
import { loadMask } from "../../src/dataset/load-mask.ts";

const raw = (...data: number[]) => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

describe("raw values", () => {
  it.each([
    ["0 and 1", [0, 1, 1], undefined, "binary", [0, 1, 1]],
    ["0 and 255", [0, 255, 255], undefined, "binary", [0, 1, 1]],
    ["ids", [0, 2, 255], undefined, "labels", [0, 2, 255]],
    ["ids asked for as one object", [0, 2, 255], "binary", "binary", [0, 1, 1]],
    ["0 and 1 asked for as labels", [0, 1, 1], "labels", "labels", [0, 1, 1]],
  ] as const)("%s", async (_, values, encoding, read, expected) => {
    const mask = await loadMask(raw(...values), { encoding }, 100);
    expect(mask.encoding).toBe(read);
    expect([...mask.map.data]).toEqual(expected);
    expect(mask.ignoreLabel).toBe(read === "labels" ? 255 : undefined);
  });

  it("leave the ignore label out of the object", async () => {
    const mask = await loadMask(raw(0, 2, 9), { encoding: "binary", ignoreLabel: 9 }, 100);
    expect([...mask.map.data]).toEqual([0, 1, 0]);
  });
});
