// `npm run demo`: installs, builds, refines a coarse mask of the bundled picture, and says what came of it.
import { mkdirSync } from "node:fs";
import { relative } from "node:path";
import { build, install, root } from "./set-up.mjs";

install();
build();

// Only now: what this needs was not there before.
const { createRefiner, maskIoU, readMask, saveFile } = await import("../dist/sdk.js");

const sample = `${root}examples/sample/`;
const out = `${root}demo-output/`;
mkdirSync(out, { recursive: true });

console.log("Loading the model …");
const refiner = await createRefiner();
const truth = await readMask(`${sample}truth.png`);
const written = [];

for (const { mask, label, object } of [
  { mask: "mug_coarse.png", label: 1, object: "mug" },
  { mask: "fruit_coarse.png", label: 2, object: "apple" },
]) {
  console.log(`Refining ${mask} on photo.jpg (${refiner.device}) …`);
  const result = await refiner.refine(
    { image: `${sample}photo.jpg`, mask: `${sample}${mask}` },
    { explain: true },
  );
  const coarse = await readMask(`${sample}${mask}`);
  const target = only(truth, label);
  const before = maskIoU(only(coarse, 1), target);
  const after = maskIoU(only(result.masks[0].map, 1), target);
  const line = `${object}: IoU with the exact mask ${before.toFixed(3)} before, ${after.toFixed(3)} after`;
  console.log(`  ${line} (${Math.round(result.timings.total)} ms)`);
  const name = mask.replace("_coarse.png", "");
  await write(`${name}.refined.png`, result.toPNG());
  await write(`${name}.comparison.png`, await result.compare({ caption: [line], groundTruth: target }));
  await write(`${name}.explained.png`, await result.explain());
}
await refiner.close();

console.log("\nWritten:");
for (const path of written) console.log(`  ${relative(process.cwd(), path)}`);

async function write(name, bytes) {
  await saveFile(`${out}${name}`, bytes, { overwrite: true });
  written.push(`${out}${name}`);
}

/** One label of a map as a binary mask. */
function only({ width, height, data }, label) {
  return { width, height, data: Uint8Array.from(data, (v) => (v === label ? 1 : 0)) };
}
