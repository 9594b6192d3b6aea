// What a queue costs: milliseconds a photo beside the refinement, and how many photos a second it can carry at most.
// node bench/queue.mjs [photos] [--json]; needs a Redis. Refinement is stubbed out here and nowhere else: the engine
// of this bench gives every mask back at once, so that only reading, queue and writing remain.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Redis } from "ioredis";
import sharp from "sharp";
import { findRedis, freePort, startRedis } from "../scripts/redis-server.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const outdir = join(root, ".cache/bench-queue");
/** A photo and a mask as COCO has them. */
const [width, height] = [640, 480];
/** Photos that take as long as on a fast device, to see what a worker waits for. */
const [PACED, REFINE_MS] = [80, 100];

/** What takes the place of `src/engine/engine.ts`. */
const ENGINE = `
import { maskArea } from "../core/mask.ts";
import { findModel } from "./model-store.ts";
export class Engine {
  device = "cpu";
  attempts = [];
  constructor(model) { this.model = model; }
  static async open({ model, cacheDir }) { return new Engine(await findModel(model, cacheDir)); }
  async encode() { return { embedding: new Float32Array(1), encoderRuns: 0, runtimeMs: 0 }; }
  async refine(_, tasks, onRegion) {
    await new Promise((resolve) => setTimeout(resolve, Number(process.env.BENCH_REFINE_MS ?? 0)));
    const results = tasks.map(({ mask }) => {
      onRegion?.();
      const refinedArea = maskArea(mask);
      return { verdict: "kept", reason: "nothing was refined", refinedArea, coarseIoU: 1, iterations: [] };
    });
    return { results, decoderRuns: 0, decodeMs: 0, methodMs: 0 };
  }
  async close() {}
}
`;

const [kind = "", ...rest] = process.argv.slice(2);
if (kind === "worker") await worker(rest);
else await bench(Number(kind.replace("--json", "")) || 1000, process.argv.includes("--json"));

/** Child: a worker whose engine gives back what it got. */
async function worker([queue, folder]) {
  const { workOnQueue } = await import(join(outdir, "sdk.js"));
  const stop = new AbortController();
  process.on("SIGTERM", () => stop.abort());
  const options = { queue, root: folder, threads: 1, device: "cpu", signal: stop.signal };
  await workOnQueue({ ...options, onEvent: ({ kind: what }) => what === "ready" && process.send?.("ready") });
}

async function bench(photos, json) {
  await stubbed();
  const folder = await mkdtemp(join(tmpdir(), "samrefiner-bench-"));
  const port = await freePort();
  const program = findRedis();
  if (program === undefined) throw new Error("No redis-server or valkey-server: expected one on PATH");
  const redis = await startRedis(program, folder, port);
  const client = new Redis({ host: "127.0.0.1", port });
  try {
    const { bytes } = await dataset(join(folder, "data"), photos);
    await dataset(join(folder, "paced"), PACED);
    const alone = await local(folder, photos);
    // At the pace of a device of its own: what remains of a photo's time is the queue's.
    const paced = await spread({ folder, port, client, photos: PACED, workers: 1, refineMs: REFINE_MS });
    const rows = [];
    for (const workers of [1, 2, 4]) rows.push(await spread({ folder, port, client, photos, workers }));
    const result = { photos, bytes, alone, paced, rows };
    if (json) console.log(JSON.stringify(result, undefined, 2));
    else tell(result);
  } finally {
    client.disconnect();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The SDK with another engine. */
async function stubbed() {
  const plugin = {
    name: "no engine",
    setup: ({ onLoad }) =>
      onLoad({ filter: /src[\\/]engine[\\/]engine\.ts$/ }, () => ({ contents: ENGINE, loader: "ts" })),
  };
  await build({
    absWorkingDir: root,
    entryPoints: { sdk: "src/sdk/mod.ts" },
    ...{ outdir, bundle: true, splitting: true, format: "esm", platform: "node", packages: "external" },
    ...{ plugins: [plugin], logLevel: "error" },
  });
}

/** Photos of noise, as large as COCO's, with a mask each. */
async function dataset(folder, count) {
  await mkdir(join(folder, "images"), { recursive: true });
  await mkdir(join(folder, "masks"));
  const noise = { type: "gaussian", mean: 128, sigma: 12 };
  const photo = await sharp({ create: { width, height, channels: 3, background: "#456", noise } })
    .jpeg({ quality: 88 })
    .toBuffer();
  const data = Buffer.alloc(width * height);
  for (let y = 100; y < 300; y++) data.fill(255, y * width + 150, y * width + 400);
  const mask = await sharp(data, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
  for (let i = 0; i < count; i++) {
    const stem = String(i).padStart(6, "0");
    await writeFile(join(folder, "images", `${stem}.jpg`), photo);
    await writeFile(join(folder, "masks", `${stem}.png`), mask);
  }
  return { bytes: { photo: photo.length, mask: mask.length } };
}

async function local(folder, photos) {
  const { createRefiner } = await import(join(outdir, "sdk.js"));
  const refiner = await createRefiner({ cacheDir: null });
  const out = join(folder, "alone");
  const started = performance.now();
  for await (const _ of refiner.refineDataset(join(folder, "data"), { out }));
  const ms = (performance.now() - started) / photos;
  await refiner.close();
  return { msPerPhoto: ms };
}

async function spread({ folder, port, client, photos, workers, refineMs = 0 }) {
  const { refineDatasetOnQueue } = await import(join(outdir, "sdk.js"));
  const queue = `redis://127.0.0.1:${port}/0?queue=bench-${workers}-${refineMs}`;
  const data = join(folder, refineMs > 0 ? "paced" : "data");
  const script = fileURLToPath(import.meta.url);
  const children = Array.from({ length: workers }, () =>
    spawn(process.execPath, [script, "worker", queue, folder], {
      env: { ...process.env, BENCH_REFINE_MS: String(refineMs) },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    }),
  );
  await Promise.all(children.map((child) => new Promise((resolve) => child.once("message", resolve))));
  const before = await figures(client);
  const cpu = process.cpuUsage();
  const spent = { read: 0, encode: 0, refine: 0, write: 0 };
  // From the first photo on: planning and connecting are no part of a photo's time.
  let started = 0;
  const out = join(folder, `out-${workers}-${refineMs}`);
  for await (const { timings, failures } of refineDatasetOnQueue(data, {
    out,
    queue,
    root: folder,
  })) {
    if (failures.length > 0) throw new Error(failures[0].message);
    if (started === 0) {
      started = performance.now();
      continue;
    }
    for (const stage of Object.keys(spent)) spent[stage] += timings[stage];
  }
  const wall = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const after = await figures(client);
  for (const child of children) child.kill("SIGTERM");
  await Promise.all(children.map((child) => new Promise((resolve) => child.once("exit", resolve))));
  const each = (value) => value / (photos - 1);
  return {
    workers,
    photosPerSecond: ((photos - 1) / wall) * 1000,
    msPerPhoto: each(wall),
    // What a worker does for a photo besides reading and refining it: with one worker, all that it waits for too.
    overheadMs: each(wall * workers - spent.read - spent.encode - spent.refine),
    coordinatorCpuMs: each((user + system) / 1000),
    redisCpuMs: each((after.cpu - before.cpu) * 1000),
    redisCommands: each(after.commands - before.commands),
    redisBytes: each(after.bytes - before.bytes),
    redisPeakMB: after.peak / 1e6,
  };
}

async function figures(client) {
  const text = await client.info();
  const at = (name) => Number(new RegExp(`^${name}:(.*)$`, "m").exec(text)?.[1]);
  return {
    cpu: at("used_cpu_user") + at("used_cpu_sys"),
    commands: at("total_commands_processed"),
    bytes: at("total_net_input_bytes") + at("total_net_output_bytes"),
    peak: at("used_memory_peak"),
  };
}

function tell({ photos, bytes, alone, paced, rows }) {
  console.log(`${photos} photos of ${bytes.photo} bytes, masks of ${bytes.mask}; nothing is refined`);
  console.log(`one process without a queue: ${alone.msPerPhoto.toFixed(2)} ms a photo`);
  const columns = ["photosPerSecond", "msPerPhoto", "overheadMs", "coordinatorCpuMs", "redisCpuMs"];
  columns.push("redisCommands", "redisBytes", "redisPeakMB");
  console.log(`overhead of one worker at ${REFINE_MS} ms a photo: ${paced.overheadMs.toFixed(2)} ms`);
  for (const row of rows)
    console.log(
      `${row.workers} workers: ${columns.map((name) => `${name} ${row[name].toFixed(name === "redisBytes" ? 0 : 2)}`).join(", ")}`,
    );
}
