/** Whatever a benchmark runs over. */
import { fileURLToPath } from "node:url";
import { OptionError } from "../../core/errors.ts";
import {
  type BenchmarkData,
  type BenchmarkLayout,
  benchmarkLayouts,
  type OpenBenchmark,
} from "./benchmark-data.ts";
import { openCoco } from "./coco.ts";
import { openDavis585 } from "./davis585.ts";
import { openManifest } from "./manifest.ts";
import { openNamedTriples } from "./named-triples.ts";
import { openVoc } from "./voc.ts";

const LAYOUTS: Readonly<Record<BenchmarkLayout, (data: BenchmarkData) => Promise<OpenBenchmark>>> = {
  davis585: openDavis585,
  coco: openCoco,
  voc: openVoc,
  big: openNamedTriples,
  "relabelled-voc": openNamedTriples,
};

/**
 * Finds the entries of a manifest, or of a data set in its own layout.
 *
 * @throws {InputError} when it is missing, broken or empty
 * @throws {OptionError} for an unknown layout, or one that needs to be told more
 */
export function openBenchmark(source: string | URL | BenchmarkData): Promise<OpenBenchmark> {
  if (source instanceof URL) return openManifest(fileURLToPath(source));
  if (typeof source === "string") return openManifest(source);
  const { layout } = source;
  if (!Object.hasOwn(LAYOUTS, layout))
    throw new OptionError(`Unknown layout "${layout}": expected ${benchmarkLayouts.join(", ")}`);
  return LAYOUTS[layout](source);
}
