// One mask against 32 masks of one photo, each in a process of its own: time, model runs, peak memory.
// node bench/many-masks.mjs; needs `npm run build`
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createRefiner } from "../dist/sdk.js";
import { median, scene, shiftedMasks } from "./scene.mjs";

const MANY = 32;
const CALLS = 3;
const [count = 0, width = 0] = process.argv.slice(2).map(Number);
if (count > 0) await measure(count, width);
else for (const size of [640, 1000, 1632]) compare(size);

/** Child: refines `count` masks in a first call that warms up and a few more, and prints what they took. */
async function measure(count, width) {
  const picture = await scene(width, "fruit_coarse.png");
  const masks = await shiftedMasks(picture, count);
  const refiner = await createRefiner({ cacheDir: null, device: "cpu" });
  const firstPeak = await call(refiner, picture, masks).then(peak);
  const calls = [];
  for (let i = 1; i < CALLS; i++) calls.push(await call(refiner, picture, masks));
  const at = (key) => median(calls.map((timings) => timings[key]));
  const { encoderRuns, decoderRuns } = calls.at(-1);
  const times = { total: at("total"), afterEncoder: at("afterEncoder") };
  const size = `${width}×${picture.height}`;
  console.log(
    JSON.stringify({ size, count, ...times, encoderRuns, decoderRuns, firstPeak, lastPeak: peak() }),
  );
  await refiner.close();
}

async function call(refiner, { photo }, masks) {
  const started = performance.now();
  const result = await refiner.refine({ image: photo, mask: masks });
  for (const mask of result.masks) mask.toPNG();
  const total = performance.now() - started;
  return { ...result.timings, total, afterEncoder: total - result.timings.encode - result.timings.read };
}

/** Largest resident size of this process so far in MB (1e6 bytes); Node gives kilobytes on every platform. */
function peak() {
  return (process.resourceUsage().maxRSS * 1024) / 1e6;
}

function compare(size) {
  const one = child(1, size);
  const many = child(MANY, size);
  console.log(
    `${one.size}\nmasks   total ms   after the encoder ms   encoder runs   decoder runs   peak MB of one call   of ${CALLS} calls`,
  );
  for (const run of [one, many]) {
    const columns = [
      String(run.count).padStart(5),
      run.total.toFixed(0).padStart(10),
      run.afterEncoder.toFixed(0).padStart(22),
      String(run.encoderRuns).padStart(14),
      String(run.decoderRuns).padStart(14),
      run.firstPeak.toFixed(0).padStart(21),
      run.lastPeak.toFixed(0).padStart(12),
    ];
    console.log(columns.join(" "));
  }
  const ratio = many.afterEncoder / one.afterEncoder;
  console.log(
    `after the encoder, ${MANY} masks take ${ratio.toFixed(1)} times what one takes with all cores\n`,
  );
}

function child(count, size) {
  const args = [fileURLToPath(import.meta.url), String(count), String(size)];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout);
}
