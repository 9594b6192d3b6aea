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

/** @param {readonly string[]} wanted names of measurements; none for all */
export async function measure(wanted) {
  const names = wanted.length === 0 ? Object.keys(MEASUREMENTS) : wanted;
  const unknown = names.find((name) => !Object.hasOwn(MEASUREMENTS, name));
  if (unknown !== undefined)
    throw new Error(`There is no "${unknown}": expected ${Object.keys(MEASUREMENTS).join(", ")}`);
  const server = await startServer({ checkout: true });
  const browser = await openBrowser();
  try {
    for (const name of names) {
      // Before: what the measurement does itself is no load.
      const load = loadavg()[0];
      console.log(`\n${name}: ${cpus().length} cores, load ${load.toFixed(1)}`);
      const result = await MEASUREMENTS[name]({ server, browser });
      await store({ [name]: { when: new Date().toISOString(), cores: cpus().length, load, ...result } });
    }
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Measurements that were left out keep what they had. */
async function store(results) {
  const earlier = JSON.parse(await readFile(RESULTS, "utf8").catch(() => "{}"));
  await mkdir(new URL(".", RESULTS), { recursive: true });
  await writeFile(RESULTS, `${JSON.stringify({ ...earlier, ...results }, null, 2)}\n`);
}
