// Quality against ground truth for several presets: prints the table of docs/benchmarks.md and stores the groups.
// node bench/quality.mjs manifest.json [preset…]; needs `npm run build`
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createRefiner, presetNames } from "../dist/sdk.js";
import { qualityTable } from "./quality-table.mjs";

const [manifest, ...wanted] = process.argv.slice(2);
if (manifest === undefined) {
  console.error("usage: node bench/quality.mjs manifest.json [preset…]");
  process.exit(2);
}
const file = fileURLToPath(new URL("results/quality.json", import.meta.url));
const refiner = await createRefiner();
const reports = keptReports();
for (const preset of wanted.length > 0 ? wanted : presetNames) {
  const onEntry = (_, done, total) => done % 50 === 0 && console.error(`${preset}: ${done} of ${total}`);
  const { groups, cost } = await refiner.benchmark(manifest, { preset, onEntry });
  reports[preset] = { groups, cost };
}
await refiner.close();
console.log(qualityTable(reports));
writeFileSync(file, `${JSON.stringify({ model: refiner.model, reports }, null, 2)}\n`);

/** What earlier calls measured with the same model, in the order of presets. */
function keptReports() {
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  if (kept.model?.sha256 !== refiner.model.sha256) return {};
  const known = presetNames.filter((name) => kept.reports[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, kept.reports[name]]));
}
