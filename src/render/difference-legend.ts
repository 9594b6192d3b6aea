import { renderBlock } from "./block.ts";
import type { ChangeCounts } from "./changes.ts";
import { changeLegend } from "./legend.ts";
import type { Picture } from "./picture.ts";

/** A picture of what the colours of a difference mean, with pixel counts, in rows no wider than `width` pixels. */
export function differenceLegend(counts: ChangeCounts, width = 640): Picture {
  return renderBlock(changeLegend(counts, width), 10);
}
