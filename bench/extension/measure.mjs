// All measurements, one after the other, in windows of one server; results go to bench/results/extension.json.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { openBrowser, startServer } from "../../test/e2e/harness/mod.ts";
import { measureActivation } from "./activation.mjs";
import { measurePanning } from "./panning.mjs";
import { measurePreview } from "./preview.mjs";
import { measureSlider } from "./slider.mjs";

const RESULTS = new URL("../results/extension.json", import.meta.url);
const MEASUREMENTS = {
  activation: measureActivation,
  preview: measurePreview,
  slider: measureSlider,
  pan: measurePanning,
};

/** @param {readonly string[]} wanted names of measurements; none for all, whose results are stored */
export async function measure(wanted) {
  const names = wanted.length === 0 ? Object.keys(MEASUREMENTS) : wanted;
  const unknown = names.find((name) => !Object.hasOwn(MEASUREMENTS, name));
  if (unknown !== undefined)
    throw new Error(`There is no "${unknown}": expected ${Object.keys(MEASUREMENTS).join(", ")}`);
  const before = loadavg()[0];
  const results = {};
  const server = await startServer({ checkout: true });
  const browser = await openBrowser();
  try {
    for (const name of names) {
      console.log(`\n${name}`);
      results[name] = await MEASUREMENTS[name]({ server, browser });
    }
  } finally {
    await browser.close();
    await server.stop();
  }
  // What this bench does itself counts in the load afterwards, not in the one before.
  const machine = { cores: cpus().length, load: { before, after: loadavg()[0] } };
  console.log(`\nload of the machine: ${before.toFixed(1)} before, ${machine.load.after.toFixed(1)} after`);
  await store({ when: new Date().toISOString(), machine, ...results });
}

/** Measurements that were left out keep what they had. */
async function store(results) {
  const earlier = JSON.parse(await readFile(RESULTS, "utf8").catch(() => "{}"));
  await mkdir(new URL(".", RESULTS), { recursive: true });
  await writeFile(RESULTS, `${JSON.stringify({ ...earlier, ...results }, null, 2)}\n`);
}
