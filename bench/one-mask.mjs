// How much of a one-mask refinement is spent outside ONNX Runtime, from encoded photo to encoded PNG.
// node bench/one-mask.mjs [rounds]; needs `npm run build`
import { createRefiner } from "../dist/sdk.js";
import { median, scene } from "./scene.mjs";

const rounds = Number(process.argv[2] ?? 7);
const refiner = await createRefiner({ cacheDir: null, device: "cpu" });
console.log("photo          total ms   in ONNX ms   outside ms   outside share");
for (const width of [640, 1000, 1632]) {
  const { photo, coarse, height } = await scene(width);
  const runs = [];
  for (let i = 0; i <= rounds; i++) {
    const started = performance.now();
    const result = await refiner.refine({ image: photo, mask: coarse });
    result.toPNG();
    const total = performance.now() - started;
    const onnx = result.timings.encoder + result.timings.decode;
    if (i > 0) runs.push({ total, onnx, share: (total - onnx) / total, timings: result.timings });
  }
  const at = (key) => median(runs.map((run) => run[key]));
  const outside = median(runs.map(({ total, onnx }) => total - onnx));
  const size = `${width}×${height}`.padEnd(12);
  console.log(
    `${size} ${at("total").toFixed(0).padStart(10)} ${at("onnx").toFixed(0).padStart(12)} ${outside.toFixed(0).padStart(12)} ${(100 * at("share")).toFixed(1).padStart(14)} %`,
  );
  if (process.argv.includes("--stages")) console.log(runs.at(-1).timings);
}
await refiner.close();
