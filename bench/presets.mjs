// What our presets cost: the time of one mask, its photo new or its embedding known, against `fast` on a new photo.
// node bench/presets.mjs manifest.json [masks]; needs `npm run build`; node bench/tables.mjs --render shows it
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createRefiner } from "../dist/sdk.js";
import { median } from "./scene.mjs";

const PRESETS = ["fast", "default", "quality"];

const [manifest, count = "12"] = process.argv.slice(2);
if (manifest === undefined) {
  console.error("usage: node bench/presets.mjs manifest.json [masks]");
  process.exit(2);
}
const davis = JSON.parse(readFileSync(manifest, "utf8")).filter(({ id }) => id.startsWith("davis_"));
const masks = Math.min(Number(count), davis.length);
// Evenly over the sequences.
const entries = Array.from({ length: masks }, (_, i) => davis[Math.floor((i * davis.length) / masks)]);
const path = (file) => resolve(dirname(manifest), file);
const cacheDir = mkdtempSync(join(tmpdir(), "samrefiner-presets-"));
const fresh = await createRefiner({ cacheDir: null, device: "cpu" });
const cached = await createRefiner({ cacheDir, device: "cpu" });
const times = Object.fromEntries(PRESETS.map((preset) => [preset, { time: [], again: [] }]));
for (const { image, coarse } of entries) {
  const input = { image: path(image), mask: path(coarse) };
  // The first call of a photo fills the cache.
  await cached.refine(input, { preset: "fast" });
  for (const preset of PRESETS) {
    times[preset].time.push((await fresh.refine(input, { preset })).timings.total);
    times[preset].again.push((await cached.refine(input, { preset })).timings.total);
  }
}
await fresh.close();
await cached.close();
rmSync(cacheDir, { recursive: true, force: true });

const unit = median(times.fast.time);
const presets = Object.fromEntries(
  PRESETS.map((preset) => [
    preset,
    { time: median(times[preset].time) / unit, again: median(times[preset].again) / unit },
  ]),
);
for (const [preset, { time, again }] of Object.entries(presets))
  console.log(`${preset.padEnd(8)} new photo ${time.toFixed(2)} ×, embedding known ${again.toFixed(2)} ×`);
const file = fileURLToPath(new URL("results/presets.json", import.meta.url));
writeFileSync(file, `${JSON.stringify({ masks, presets }, null, 2)}\n`);
