/** The plain functions over the shared refiner, what they refuse, and how results show themselves. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createRefiner,
  DeviceError,
  decode,
  embeddings,
  evaluate,
  explain,
  type ImageEmbedding,
  InputError,
  jupyterDisplay,
  ModelError,
  OptionError,
  OutputError,
  prompts,
  type Refiner,
  refine,
  refineDataset,
  sharedRefiner,
} from "../../src/sdk/mod.ts";

const sample = join(import.meta.dirname, "../../examples/sample");
const photo = join(sample, "photo.jpg");
const mug = join(sample, "mug_coarse.png");
const settings = { iterations: 1, growth: "none" } as const;
const options = { cacheDir: null, device: "cpu" } as const;

let home = "";
let refiner: Refiner;
let embedding: ImageEmbedding;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "samrefiner-plain-"));
  refiner = await sharedRefiner(options);
  embedding = await embeddings(photo);
});
afterAll(async () => {
  await refiner?.close();
  rmSync(home, { recursive: true, force: true });
});

describe("the shared refiner", () => {
  it("is one for all, and refuses other options", async () => {
    expect(await sharedRefiner()).toBe(await sharedRefiner(options));
    await expect(sharedRefiner({ device: "auto" })).rejects.toThrow(OptionError);
  });

  it("shows a result as a picture and a line, which JSON does not see", async () => {
    const result = await refine(photo, mug, { settings });
    const { "image/png": png, "text/plain": text } = await result[jupyterDisplay]();
    expect(Buffer.from(png!, "base64").subarray(1, 4).toString()).toBe("PNG");
    expect(text).toMatch(/^mug_coarse\.png: 1 of 1 regions refined in \d+ ms$/);
    expect(Object.keys(result)).not.toContain(String(jupyterDisplay));
  });

  it("collects a run, loop and rest together, into a table", async () => {
    const out = join(home, "out");
    const masks = [mug, join(sample, "fruit_coarse.png")];
    const run = refineDataset(masks, { out, settings, pairing: ["{dir}/photo.jpg"] });
    const first = await run.next();
    const { photos, [jupyterDisplay]: show } = await run.result();
    expect(photos).toEqual([first.value]);
    const { "text/html": html, "text/plain": text } = await show();
    expect(html).toContain('<td style="text-align:left">photo.jpg</td>');
    expect(text).toMatch(/^1 photos, 0 with failures\n.*\nphoto\.jpg\s+done\s+2\s/);
  });

  it("decodes excavated prompts as the cascade does", async () => {
    const explained = await explain(photo, mug, { settings });
    const { regions } = await prompts(photo, mug, { settings });
    const candidates = await decode(embedding, regions[0]!.prompts);
    const known = explained.regions[0]!.iterations[0]!.candidates;
    for (const { token, predictedIoU, stability } of known)
      expect(candidates[token]).toMatchObject({ predictedIoU, stability });
  });
});

describe("typed errors", () => {
  const point = { x: 5, y: 5 };
  const short = new Float32Array(3);
  it.each([
    ["no mask file", InputError, () => refine(photo, "none.png")],
    ["no photo", InputError, () => embeddings("none.jpg")],
    ["a mode that is none", OptionError, () => prompts("none.jpg", mug, { mode: "x" as "auto" })],
    ["a preset that is none", OptionError, () => explain(photo, mug, { preset: "x" as "fast" })],
    ["an encoding that is none", OptionError, () => prompts(photo, mug, { encoding: "x" as "auto" })],
    ["no prompts", OptionError, () => decode(embedding, {})],
    ["a point outside", OptionError, () => decode(embedding, { positive: { x: -1, y: 5 } })],
    ["a box inside out", OptionError, () => decode(embedding, { box: [9, 9, 3, 3] })],
    ["logits of another size", OptionError, () => decode(embedding, { maskLogits: short })],
    [
      "an embedding of another size",
      OptionError,
      () => decode({ ...embedding, data: short }, { positive: point }),
    ],
    ["an embedding of no photo", OptionError, () => decode({ ...embedding, width: 0 }, { positive: point })],
    [
      "an upscale that is none",
      OptionError,
      () => decode(embedding, { positive: point }, { upscale: "x" as "bilinear" }),
    ],
    ["nothing to compare", InputError, () => evaluate("none.png", mug)],
    ["no place for results", OptionError, () => refineDataset(mug, {}).next()],
    ["no dataset", InputError, () => refineDataset("none", { out: join(home, "x") }).result()],
    ["no model", ModelError, () => createRefiner({ model: "none" })],
    ["no device", DeviceError, () => createRefiner({ device: "coreml" })],
    ["a device of no name", OptionError, () => createRefiner({ device: "x" as "cpu" })],
    ["threads that are none", OptionError, () => createRefiner({ threads: 0.5 })],
  ])("%s", async (_, kind, call) => {
    const error = await call().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toMatch(/expected|can run/);
  });

  it("a result that exists", async () => {
    const { masks } = await refine(photo, mug, { settings });
    const path = join(home, "mug.png");
    await masks[0]!.save(path);
    await expect(masks[0]!.save(path)).rejects.toBeInstanceOf(OutputError);
  });

  it("a signal's reason", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(refine(photo, mug, { signal })).rejects.toThrow("enough");
    await expect(embeddings(photo, { signal })).rejects.toThrow("enough");
    await expect(decode(embedding, { positive: point }, { signal })).rejects.toThrow("enough");
  });
});
