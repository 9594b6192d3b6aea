/** DAVIS-585: objects of video frames, each with a simulated coarse mask and that of a tracker. */
import { join } from "node:path";
import { InputError, OptionError } from "../../core/errors.ts";
import type { BenchmarkData, BenchmarkItem, OpenBenchmark } from "./benchmark-data.ts";
import { listFolder } from "./list-folder.ts";
import { pairReader } from "./read-pair.ts";

const EXPECTED =
  "DAVIS-585 as published: <sequence>/<frame>.jpg, <object>_<frame>.png, init_sp_<object>_<frame>.png";
/** Both are 0 and 255; read so, 255 is the object. */
const BINARY = { encoding: "binary", ignoreLabel: null } as const;

/**
 * Finds its entries; their source is the sequence.
 *
 * @throws {InputError} when there are none
 * @throws {OptionError} when `coarse` is neither `sp` nor `stm`
 */
export async function openDavis585({ root, coarse = "sp" }: BenchmarkData): Promise<OpenBenchmark> {
  if (coarse !== "sp" && coarse !== "stm")
    throw new OptionError(`The coarse masks of DAVIS-585 are "${coarse}": expected sp or stm`);
  const top = await listFolder(root, EXPECTED);
  const base = top.folders.includes("data") ? join(root, "data") : root;
  const { folders } = await listFolder(base, EXPECTED);
  const found = await Promise.all(folders.map((sequence) => openSequence(base, sequence, coarse)));
  const items = found.flatMap((sequence) => sequence.items);
  const problems = found.flatMap((sequence) => sequence.problems);
  if (items.length > 0) return { items, problems, pooled: { background: false } };
  throw new InputError(`${root} holds no objects with coarse masks: expected ${EXPECTED}`);
}

async function openSequence(
  base: string,
  sequence: string,
  init: "sp" | "stm",
): Promise<{ items: BenchmarkItem[]; problems: string[] }> {
  const folder = join(base, sequence);
  const { files } = await listFolder(folder, EXPECTED);
  const items: BenchmarkItem[] = [];
  const problems: string[] = [];
  for (const name of files) {
    if (!name.endsWith(".png") || name.startsWith("init_")) continue;
    const photo = `${name.slice(name.lastIndexOf("_") + 1, -".png".length)}.jpg`;
    const coarse = `init_${init}_${name}`;
    const missing = [photo, coarse].find((file) => !files.has(file));
    if (missing !== undefined) {
      problems.push(`${join(folder, name)} has no ${missing} beside it: it is left out`);
      continue;
    }
    items.push({
      id: `${sequence}/${name.slice(0, -".png".length)}`,
      kind: "instance",
      source: sequence,
      image: join(folder, photo),
      readMasks: pairReader(join(folder, coarse), join(folder, name), BINARY),
    });
  }
  return { items, problems };
}
