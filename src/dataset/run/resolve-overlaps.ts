/** Regions of one photo without shared pixels. */
import { decodeRuns, encodeRuns, type RunLengthMask, runArea } from "../../core/run-length.ts";
import type { OverlapsRule } from "./run-options.ts";

/** A region as the rule sees it. */
export interface Claimant {
  readonly runs: RunLengthMask;
  /** Drawing order; a higher one lies above. */
  readonly order: number;
  /** Absent where nothing was refined. */
  readonly predictedIoU?: number;
}

/** A region's pixels after the rule. */
export interface Settled {
  readonly runs: RunLengthMask;
  /** Pixels that went to others. */
  readonly lost: number;
}

/**
 * Gives every pixel to one region. Of equals, the later one gets it. A region that would be left without a pixel stays as
 * it is.
 *
 * @param regions masks of one size
 * @returns in the order given
 */
export function resolveOverlaps(regions: readonly Claimant[], rule: OverlapsRule): Settled[] {
  const [first] = regions;
  if (rule === "keep" || first === undefined) return regions.map(({ runs }) => ({ runs, lost: 0 }));
  const ranks = regions.map((region) => rankOf(region, rule));
  const upward = regions.map((_, i) => i).sort((a, b) => ranks[a]! - ranks[b]! || a - b);
  const owners = new Int32Array(first.runs.width * first.runs.height).fill(-1);
  for (const i of upward) forEachRun(regions[i]!.runs, (from, to) => owners.fill(i, from, to));
  return regions.map(({ runs }, i) => keepOwn(runs, owners, i));
}

function rankOf({ runs, order, predictedIoU = Infinity }: Claimant, rule: OverlapsRule): number {
  if (rule === "order") return order;
  return rule === "area" ? -runArea(runs) : predictedIoU;
}

function keepOwn(runs: RunLengthMask, owners: Int32Array, owner: number): Settled {
  let lost = 0;
  forEachRun(runs, (from, to) => {
    for (let i = from; i < to; i++) if (owners[i] !== owner) lost++;
  });
  if (lost === 0 || lost === runArea(runs)) return { runs, lost: 0 };
  const mask = decodeRuns(runs);
  const { width, height, data } = mask;
  // Runs go down the columns.
  for (let x = 0, i = 0; x < width; x++) {
    for (let y = 0; y < height; y++, i++) if (owners[i] !== owner) data[y * width + x] = 0;
  }
  return { runs: encodeRuns(mask), lost };
}

/** Foreground runs as positions down the columns, the end exclusive. */
function forEachRun({ counts }: RunLengthMask, visit: (from: number, to: number) => void): void {
  for (let k = 0, position = 0; k < counts.length; position += counts[k]!, k++) {
    if (k % 2 === 1) visit(position, position + counts[k]!);
  }
}
