// Runs over datasets: throughput against what the engine alone takes on the same inputs, and memory over many masks.
// node bench/run.mjs [photos] [masks]; needs `npm run build`
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { createRefiner } from "../dist/sdk.js";
import { scene, shiftedMasks } from "./scene.mjs";

const [photos = 10, masks = 2000] = process.argv.slice(2).map(Number);
const folder = await mkdtemp(join(tmpdir(), "samrefiner-bench-"));
try {
  if (photos > 0) await throughput(photos);
  if (masks > 0) await memory(masks);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/**
 * Photos of 1000 pixels with two masks each: the run between two halves of the engine alone. On a machine that does
 * other work too, processor time is the fairer measure, and the share of the run in which the engine worked.
 */
async function throughput(count) {
  const root = join(folder, "throughput");
  const inputs = await dataset(root, count, 2, 1000);
  const refiner = await createRefiner({ cacheDir: null });
  await alone(refiner, inputs.slice(0, 1));
  const first = await alone(refiner, inputs.slice(0, count / 2));
  let busy = 0;
  const cpu = processorTime();
  const run = await wholeRun(refiner, root, ({ timings }) => {
    busy += timings.encode + timings.refine;
  });
  const runCpu = processorTime() - cpu;
  const second = await alone(refiner, inputs.slice(count / 2));
  await refiner.close();
  const sum = (name) => first[name] + second[name];
  const row = (label, ms, whole) =>
    console.log(
      `${label.padEnd(44)} ${(ms / count).toFixed(0).padStart(6)} ms ${percent(ms / whole).padStart(8)}`,
    );
  console.log(`${count} photos with 2 masks each: a photo, and its share of the run`);
  row("run, wall clock", run, run);
  row("engine at work during the run, wall clock", busy, run);
  row("engine alone on the same pixels, wall clock", sum("engine"), run);
  row("inside the model's runtime alone, wall clock", sum("model"), run);
  row("run, processor time", runCpu, runCpu);
  row("engine alone, processor time", sum("cpu"), runCpu);
}

/** Encoding and refining what is decoded already; nothing is read or written. */
async function alone(refiner, inputs) {
  const sum = { engine: 0, model: 0, cpu: 0 };
  for (const { photo, masks: list } of inputs) {
    const image = await sharp(photo).raw().toBuffer({ resolveWithObject: true });
    const { width, height } = image.info;
    const mask = [];
    for (const bytes of list) {
      const values = await sharp(bytes).extractChannel(0).raw().toBuffer();
      mask.push({ width, height, data: Uint8Array.from(values, (v) => (v > 0 ? 1 : 0)) });
    }
    const cpu = processorTime();
    const { timings } = await refiner.refine({ image: { width, height, data: image.data }, mask });
    sum.cpu += processorTime() - cpu;
    sum.engine += timings.total - timings.read;
    sum.model += timings.encoder + timings.decode;
  }
  return sum;
}

/** Milliseconds of all cores that this process has used. */
function processorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function wholeRun(refiner, root, onPhoto, options = {}) {
  const started = performance.now();
  for await (const result of refiner.refineDataset(root, { out: `${root}-out`, ...options })) {
    if (result.failures.length > 0) throw new Error(result.failures[0].message);
    onPhoto(result);
  }
  return performance.now() - started;
}

/** Photos of 320 pixels with 100 masks each. */
async function memory(count) {
  const each = Math.min(100, count);
  const root = join(folder, "memory");
  await dataset(root, count / each, each, 320);
  const refiner = await createRefiner({ cacheDir: null });
  let done = 0;
  console.log("masks done   resident MB   heap MB");
  const tell = () => {
    const { rss, heapUsed } = process.memoryUsage();
    const row = [
      String(done).padStart(10),
      (rss / 1e6).toFixed(0).padStart(13),
      (heapUsed / 1e6).toFixed(0).padStart(9),
    ];
    console.log(row.join(" "));
  };
  await wholeRun(
    refiner,
    root,
    ({ regions }) => {
      done += regions.length;
      if (done % 200 === 0) tell();
    },
    { preset: "fast" },
  );
  await refiner.close();
}

/** Photos in `images/`, and a folder of masks for each in `masks/`. */
async function dataset(root, count, each, width) {
  const inputs = [];
  const picture = await scene(width);
  const list = await shiftedMasks(picture, each);
  for (let i = 0; i < count; i++) {
    // Photos that differ.
    const photo = await sharp(picture.photo)
      .jpeg({ quality: 60 + (i % 40) })
      .toBuffer();
    await mkdir(join(root, "images"), { recursive: true });
    await writeFile(join(root, "images", `p${i}.jpg`), photo);
    await mkdir(join(root, "masks", `p${i}`), { recursive: true });
    for (const [k, bytes] of list.entries())
      await writeFile(join(root, "masks", `p${i}`, `mug-${k}.png`), bytes);
    inputs.push({ photo: await readFile(join(root, "images", `p${i}.jpg`)), masks: list });
  }
  return inputs;
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
