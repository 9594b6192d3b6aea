/** BIG and the relabelled VOC: objects named alike, one mask file each. */
import { join } from "node:path";
import { InputError } from "../../core/errors.ts";
import type { BenchmarkData, BenchmarkItem, OpenBenchmark } from "./benchmark-data.ts";
import { listFolder } from "./list-folder.ts";
import { pairReader } from "./read-pair.ts";

const EXPECTED = "<name>_im.jpg, <name>_gt.png and <name>_seg.png";
const TRUTH = "_gt.png";
const BINARY = { encoding: "binary", ignoreLabel: null } as const;

/**
 * Finds the entries of `big` and `relabelled-voc`; the coarse masks may lie in a folder of their own, as the results of
 * one segmentation model.
 *
 * @throws {InputError} when there are none
 */
export async function openNamedTriples({
  layout,
  root,
  coarse = root,
}: BenchmarkData): Promise<OpenBenchmark> {
  const { files } = await listFolder(root, EXPECTED);
  const masks = coarse === root ? files : (await listFolder(coarse, "<name>_seg.png")).files;
  const items: BenchmarkItem[] = [];
  const problems: string[] = [];
  for (const truth of files) {
    if (!truth.endsWith(TRUTH)) continue;
    const name = truth.slice(0, -TRUTH.length);
    const photo = [".jpg", ".jpeg", ".png"]
      .map((ending) => `${name}_im${ending}`)
      .find((file) => files.has(file));
    const mask = `${name}_seg.png`;
    if (photo === undefined || !masks.has(mask)) {
      const missing = photo === undefined ? `${name}_im.jpg beside it` : join(coarse, mask);
      problems.push(`${join(root, truth)} has no ${missing}: it is left out`);
      continue;
    }
    items.push({
      id: name,
      kind: layout === "big" ? "highres" : "instance",
      source: layout,
      image: join(root, photo),
      readMasks: pairReader(join(coarse, mask), join(root, truth), BINARY),
    });
  }
  if (items.length > 0) return { items, problems, pooled: { background: false } };
  throw new InputError(`${root} holds no objects with coarse masks: expected ${EXPECTED}`);
}
