import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError, maskIoU, OptionError, readMask, simulate, simulateDefects } from "../../src/sdk/mod.ts";

const sample = join(import.meta.dirname, "../../examples/sample");
const photo = join(sample, "photo.jpg");
const mug = join(sample, "mug_coarse.png");

describe("simulate", () => {
  it("damages a file's mask in its own format, the same for the same seed", async () => {
    const [made, again, other] = await Promise.all([3, 3, 4].map((seed) => simulate(photo, mug, { seed })));
    const truth = await readMask(mug);
    const back = await readMask(made!.toPNG());
    expect(back.data).toEqual(made!.map.data);
    expect(maskIoU(back as never, truth as never)).toBe(made!.iou);
    expect(made!.iou).toBeGreaterThanOrEqual(0.75);
    expect(made!.iou).toBeLessThanOrEqual(0.85);
    expect(again!.map).toEqual(made!.map);
    expect(other!.map).not.toEqual(made!.map);
    expect(made!.toPNG()[24]).toBe(readFileSync(mug)[24]);
  });

  it("takes the object of a label map only when told to", async () => {
    const labels = join(sample, "labels_coarse.png");
    await expect(simulate(photo, labels)).rejects.toThrow(InputError);
    await expect(simulate(photo, labels)).rejects.toThrow(
      /labels_coarse\.png is a map of ids: expected a mask of one object, or encoding "binary"/,
    );
    expect(await simulate(photo, labels, { encoding: "binary", seed: 1 })).toBeDefined();
  });

  it.each([
    [
      { range: [0.9, 0.8] as const },
      'Option "range" is 0.9 to 0.8: expected two IoUs from 0 to 1, the lower one first',
    ],
    [{ seed: -1 }, 'Option "seed" is -1: expected a whole number from 0 to 4294967295'],
    [{ seed: 0.5 }, 'Option "seed" is 0.5: expected a whole number from 0 to 4294967295'],
    [{ defects: 0 }, 'Option "defects" is 0: expected a whole number from 1 to 1000'],
    [{ tries: 1001 }, 'Option "tries" is 1001: expected a whole number from 1 to 1000'],
  ])("refuses %j", async (options, sentence) => {
    await expect(simulate(photo, mug, options)).rejects.toThrow(OptionError);
    await expect(simulate(photo, mug, options)).rejects.toThrow(sentence);
  });

  it("refuses a mask of another size, and stops when told to", async () => {
    const small = { width: 4, height: 4, data: new Uint8Array(16).fill(1) };
    await expect(simulate(photo, small)).rejects.toThrow(/mask is 4×4 pixels, but its photo/);
    const reason = new Error("enough");
    await expect(simulate(photo, mug, { signal: AbortSignal.abort(reason) })).rejects.toThrow("enough");
  });

  it("works on plain pixels too", () => {
    const data = Uint8Array.from({ length: 64 * 64 }, (_, i) => (i % 64 < 30 ? 1 : 0));
    const pixels = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) };
    expect(simulateDefects({ width: 64, height: 64, data }, pixels, { seed: 7 })?.iou).toBeLessThanOrEqual(
      0.85,
    );
  });
});
