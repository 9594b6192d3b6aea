// The paper's tables and figures on our weights and data: measures what is missing, then writes docs/benchmarks.md.
// node bench/tables.mjs manifest.json [--limit-seconds n] [--only job,…] [--list] [--render]; needs `npm run build`
// Everything measured is kept in bench/results/tables, a file a job: a stopped call goes on where it ended.
import { parseArgs } from "node:util";
import { createRefiner } from "../dist/sdk.js";
import { jobs } from "./tables/jobs.mjs";
import { measure } from "./tables/measure.mjs";
import { writeDocs } from "./tables/render.mjs";
import { readResult } from "./tables/results.mjs";
import { openSets } from "./tables/sets.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "limit-seconds": { type: "string" },
    only: { type: "string" },
    list: { type: "boolean" },
    render: { type: "boolean" },
  },
});

if (values.render === true) {
  writeDocs();
} else {
  const [manifest] = positionals;
  if (manifest === undefined) {
    console.error(
      "usage: node bench/tables.mjs manifest.json [--limit-seconds n] [--only job,…] [--list] [--render]",
    );
    process.exit(2);
  }
  const deadline = performance.now() + 1000 * Number(values["limit-seconds"] ?? Number.POSITIVE_INFINITY);
  const sets = await openSets(manifest);
  const wanted = values.only?.split(",");
  const chosen = jobs.filter(({ id }) => wanted?.some((start) => id.startsWith(start)) ?? true);
  if (values.list === true) {
    for (const { id, set } of chosen)
      console.log(`${Object.keys(readResult(id).entries).length} of ${sets[set].length}  ${id}`);
  } else {
    const refiner = await createRefiner();
    const left = await measure(refiner, chosen, sets, deadline);
    await refiner.close();
    writeDocs();
    console.log(left === 0 ? "all measured" : `${left} jobs left`);
  }
}
