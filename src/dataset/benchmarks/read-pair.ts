/** Masks of an entry that lie in files. */
import { loadMask, type MaskReading } from "../load-mask.ts";
import type { BenchmarkItem } from "./benchmark-data.ts";

/** Reads two files as masks. */
export function pairReader(
  coarse: string,
  truth: string,
  reading: MaskReading = {},
): BenchmarkItem["readMasks"] {
  return async (pixelLimit, signal) => {
    const read = [coarse, truth].map((path) => loadMask(path, reading, pixelLimit, signal));
    const [found, wanted] = await Promise.all(read);
    return { coarse: found!, truth: wanted! };
  };
}
