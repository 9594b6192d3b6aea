// What was measured: a file a job, a line an entry.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../results/tables/", import.meta.url));

/** `{ model, settings, of: entries in all, entries: { id: [coarse IoU, IoU, coarse boundary IoU, boundary IoU, candidates?] } }`. */
export function readResult(id) {
  const file = `${folder}${id}.jsonl`;
  if (!existsSync(file)) return { model: null, of: 0, entries: {} };
  const [head, ...rows] = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  return { ...head, entries: Object.fromEntries(rows.map(([entry, ...row]) => [entry, row])) };
}

/** Written whole or not at all. */
export function writeResult(id, { model, settings, of, entries }) {
  mkdirSync(folder, { recursive: true });
  const rows = Object.entries(entries).map(([entry, row]) => [entry, ...row]);
  const text = [{ model, settings, of }, ...rows].map((line) => `${JSON.stringify(line)}\n`).join("");
  writeFileSync(`${folder}${id}.jsonl.part`, text);
  renameSync(`${folder}${id}.jsonl.part`, `${folder}${id}.jsonl`);
}

/**
 * Means in percent and counts over the entries of a job; `undefined` before all its entries are measured.
 *
 * @param group only entries of this group, of a set that has several
 */
export function summary(id, group = "") {
  const { entries, of } = readResult(id);
  const all = Object.entries(entries);
  const rows = all.filter(([entry]) => entry.startsWith(group));
  if (rows.length === 0 || all.length < of) return undefined;
  const mean = (column) => (100 * rows.reduce((sum, [, row]) => sum + row[column], 0)) / rows.length;
  return {
    entries: rows.length,
    coarseIoU: mean(0),
    iou: mean(1),
    coarseBoundary: mean(2),
    boundary: mean(3),
    worse: rows.filter(([, row]) => row[1] < row[0] - 0.01).length,
  };
}

/**
 * The selection among a decode's tokens, over the entries of a job measured with candidates: mean IoU by each policy in
 * percent, and how often predicted IoU finds the best token.
 */
export function selections(id) {
  const { entries, of } = readResult(id);
  const rows = Object.values(entries).flatMap((row) => (row[4] === undefined ? [] : [row[4]]));
  if (rows.length === 0 || rows.length < of) return undefined;
  // A candidate is [IoU with the ground truth, predicted IoU, stability, IoU with the coarse mask, adapted IoU?].
  const best = (candidates, column) => candidates.reduce((a, b) => (b[column] > a[column] ? b : a));
  const mean = (value) => (100 * rows.reduce((sum, row) => sum + value(row), 0)) / rows.length;
  return {
    entries: rows.length,
    predicted: mean((row) => best(row, 1)[0]),
    stability: mean((row) => best(row, 2)[0]),
    coarse: mean((row) => best(row, 3)[0]),
    oracle: mean((row) => best(row, 0)[0]),
    top1: mean((row) => Number(best(row, 1)[0] === best(row, 0)[0])),
    top1Stability: mean((row) => Number(best(row, 2)[0] === best(row, 0)[0])),
    top1Coarse: mean((row) => Number(best(row, 3)[0] === best(row, 0)[0])),
    top1Adapted:
      rows[0][0].length > 4 ? mean((row) => Number(best(row, 4)[0] === best(row, 0)[0])) : undefined,
  };
}
