// Runs jobs until a deadline, entry by entry; what is measured already is not measured again.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { resolveSettings } from "../../dist/sdk.js";
import { openAdaptor } from "./adaptor.mjs";
import { measurePoints } from "./measure-points.mjs";
import { readResult, writeResult } from "./results.mjs";

/** Entries between two looks at the clock and two writes. */
const CHUNK = 8;

/** The number of jobs that are not finished. */
export async function measure(refiner, jobs, sets, deadline) {
  let left = 0;
  for (const job of jobs) {
    const done = await measureJob(refiner, job, sets[job.set], deadline);
    if (!done) left++;
  }
  return left;
}

async function measureJob(refiner, job, entries, deadline) {
  const settings = job.strategy === undefined ? resolveSettings(job.preset, job.settings) : undefined;
  const result = knownResult(job.id, settings);
  const missing = entries.filter(({ id }) => result.entries[id] === undefined);
  for (let first = 0; first < missing.length; first += CHUNK) {
    if (performance.now() > deadline) return false;
    const chunk = missing.slice(first, first + CHUNK);
    const rows =
      job.strategy === undefined
        ? await benchmark(refiner, job, chunk)
        : await measurePoints(refiner, job, chunk);
    Object.assign(result.entries, rows);
    writeResult(job.id, { model: refiner.model, settings, of: entries.length, entries: result.entries });
    console.error(`${job.id}: ${Object.keys(result.entries).length} of ${entries.length}`);
  }
  return true;
}

/** What was measured with the very same settings; those of a preset change from version to version. */
function knownResult(id, settings) {
  const result = readResult(id);
  return isDeepStrictEqual(result.settings, settings) ? result : { entries: {} };
}

async function benchmark(refiner, { preset, settings, candidates = false, adaptor = false }, entries) {
  const folder = mkdtempSync(join(tmpdir(), "samrefiner-tables-"));
  try {
    const manifest = join(folder, "manifest.json");
    writeFileSync(manifest, JSON.stringify(entries));
    const trained = adaptor ? { adaptor: await openAdaptor(refiner) } : {};
    const report = await refiner.benchmark(manifest, { preset, settings, candidates, ...trained });
    return Object.fromEntries(report.entries.map((entry) => [entry.id, rowOf(entry)]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowOf({ coarseIoU, refinedIoU, coarseBoundaryIoU, refinedBoundaryIoU, candidates }) {
  const row = [coarseIoU, refinedIoU, coarseBoundaryIoU, refinedBoundaryIoU].map(rounded);
  if (candidates === undefined) return row;
  const judged = candidates.map(({ truthIoU, predictedIoU, stability, coarseIoU: agreement, adaptedIoU }) =>
    [truthIoU, predictedIoU, stability, agreement, ...(adaptedIoU === undefined ? [] : [adaptedIoU])].map(
      rounded,
    ),
  );
  return [...row, judged];
}

export function rounded(value) {
  return Math.round(1e4 * value) / 1e4;
}
