// One mask against 32 masks of one photo, each in a process of its own: time, model runs, peak memory.
// node bench/many-masks.mjs; needs `npm run build`
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createRefiner } from "../dist/sdk.js";
import { median, scene, shiftedMasks } from "./scene.mjs";

const MANY = 32;
const count = Number(process.argv[2] ?? 0);
if (count > 0) await measure(count);
else compare();

/** Child: refines `count` masks a few times and prints what the last runs took. */
async function measure(count) {
  const picture = await scene(1000, "fruit_coarse.png");
  const masks = await shiftedMasks(picture, count);
  const refiner = await createRefiner({ cacheDir: null, device: "cpu" });
  const runs = [];
  for (let i = 0; i < 4; i++) {
    const started = performance.now();
    const result = await refiner.refine({ image: picture.photo, mask: masks });
    for (const mask of result.masks) mask.toPNG();
    const total = performance.now() - started;
    if (i > 0)
      runs.push({
        total,
        afterEncoder: total - result.timings.encode - result.timings.read,
        ...result.timings,
      });
  }
  const at = (key) => median(runs.map((run) => run[key]));
  const { encoderRuns, decoderRuns } = runs.at(-1);
  // Linux and macOS differ in the unit; Node gives kilobytes on both.
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(
    JSON.stringify({
      count,
      total: at("total"),
      afterEncoder: at("afterEncoder"),
      encoderRuns,
      decoderRuns,
      peak,
    }),
  );
  await refiner.close();
}

function compare() {
  const run = (count) => {
    const { stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), String(count)], {
      encoding: "utf8",
    });
    if (!stdout) throw new Error(stderr);
    return JSON.parse(stdout);
  };
  const one = run(1);
  const many = run(MANY);
  console.log("masks   total ms   after the encoder ms   encoder runs   decoder runs   peak MiB");
  for (const { count, total, afterEncoder, encoderRuns, decoderRuns, peak } of [one, many]) {
    console.log(
      `${String(count).padStart(5)} ${total.toFixed(0).padStart(10)} ${afterEncoder.toFixed(0).padStart(22)} ${String(encoderRuns).padStart(14)} ${String(decoderRuns).padStart(14)} ${peak.toFixed(0).padStart(10)}`,
    );
  }
  const ratio = many.afterEncoder / one.afterEncoder;
  console.log(
    `after the encoder, ${MANY} masks take ${ratio.toFixed(1)} times what one takes with all cores`,
  );
}
