import { basename, dirname, extname, join } from "node:path";
import type { EngineRequests } from "../../../protocol/engine.ts";
import { reportRun, saveFile } from "../../../sdk/mod.ts";

/**
 * Writes a run's report beside its journal as a page, a table and JSON. The names are of this product's kind, so that
 * no run takes them for annotations.
 *
 * @throws {InputError} when the journal is missing, damaged or of another version
 * @throws {OutputError} when a file cannot be written
 */
export async function writeReport(journal: string): Promise<EngineRequests["run/report"][1]> {
  const run = reportRun(journal);
  const path = (kind: string): string =>
    join(dirname(journal), `${basename(journal, extname(journal))}.samrefiner.${kind}`);
  const files = { page: path("html"), csv: path("csv"), json: path("json") };
  await write(files.json, `${JSON.stringify(run.report, undefined, 2)}\n`);
  await write(files.csv, run.csv());
  await write(files.page, await run.html());
  return files;
}

function write(path: string, text: string): Promise<void> {
  return saveFile(path, new TextEncoder().encode(text), { overwrite: true });
}
