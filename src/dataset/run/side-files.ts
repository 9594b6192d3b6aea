/** Small files that tools need beside masks and annotations: class names, lists of a split. */
import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import type { DatasetPlan } from "../plan/dataset-plan.ts";
import { hashOf } from "./content.ts";
import type { ResultFile } from "./destination.ts";

const SIDE_FILE = /^(classes|labels|labelmap|obj|_classes)\.(txt|names|data)$|^(data|dataset)\.ya?ml$/i;
const LISTS = "ImageSets";
/** Larger files are no lists of names. */
const MOST_BYTES = 2 ** 24;

/** Those in the folders of the plan's files and above them, up to its root. */
export async function readSideFiles({
  root,
  works,
}: Pick<DatasetPlan, "root" | "works">): Promise<ResultFile[]> {
  const folders = new Set(["."]);
  const data = new Set(works.flatMap(({ targets }) => targets.map(({ relative }) => relative)));
  for (const { targets } of works) {
    for (const { relative } of targets) {
      for (let at = posix.dirname(relative); !folders.has(at); at = posix.dirname(at)) folders.add(at);
    }
  }
  const found: ResultFile[] = [];
  for (const folder of folders) {
    const names = await namesIn(join(root, folder));
    const lists = names.includes(LISTS) ? await listsIn(join(root, folder, LISTS)) : [];
    for (const name of [...names.filter((one) => SIDE_FILE.test(one)), ...lists]) {
      const path = posix.join(folder, name);
      const bytes = await readFile(join(root, path)).catch(() => undefined);
      if (bytes !== undefined && bytes.length <= MOST_BYTES && !data.has(path))
        found.push({ path, before: hashOf(bytes), bytes });
    }
  }
  return found;
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function listsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names
    .filter((name) => name.endsWith(".txt"))
    .map((name) => posix.join(LISTS, name.replaceAll("\\", "/")));
}
