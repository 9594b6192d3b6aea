import type { LabelMap } from "../core/mask.ts";
import { column, header, renderBlock } from "./block.ts";
import { explainLegend } from "./explain-legend.ts";
import { type ExplainScene, regionBlock } from "./explain-region.ts";
import type { ExplainedRegion } from "./explained-region.ts";
import type { Picture } from "./picture.ts";
import { assertSameSize } from "./same-size.ts";
import { GAP } from "./theme.ts";

/** What an explain sheet shows. All maps have the photo's size. */
export interface ExplainSheetInput {
  readonly photo: Picture;
  /** Regions of one mask. */
  readonly regions: readonly ExplainedRegion[];
  readonly coarse: LabelMap;
  readonly refined: LabelMap;
  readonly title?: string;
}

const MOST_REGIONS = 6;
/** So few that their pictures are large enough to see an edge move. */
const MOST_ROWS = 8;
const MOST_CANDIDATES = 4;
const CELL_WIDTH = 290;
/** Heights that keep eight rows within 4000 pixels: what a row needs besides its pictures, and a region, and a sheet. */
const ROW_WORDS = 165;
const REGION_WORDS = 70;
const SHEET_WORDS = 260;

/**
 * A sheet that explains a refinement: for the largest regions (at most 6, in the order of the mask) and each of their iterations (8
 * rows in all) the prompts, the Gaussian mask, SAM's candidates and the outcome. Never larger than 2400 × 4000 pixels.
 *
 * @throws RangeError if a map's size is not the photo's
 */
export function explainSheet(input: ExplainSheetInput): Picture {
  const { photo, coarse, refined, title } = input;
  assertSameSize("The coarse mask", coarse, "the photo", photo);
  assertSameSize("The refined mask", refined, "the photo", photo);
  const largest = new Set([...input.regions].sort((a, b) => b.area - a.area).slice(0, MOST_REGIONS));
  const regions = input.regions.filter((region) => largest.has(region));
  const scene = { photo, coarse, refined, ...layout(regions) };
  const notes = leftOut(input.regions, regions, scene.mostIterations);
  const name = (region: ExplainedRegion) =>
    `Region ${input.regions.indexOf(region) + 1} of ${input.regions.length}`;
  return renderBlock(
    column(
      [
        ...header(title, notes, scene.width),
        explainLegend(scene.width),
        ...regions.map((region) => regionBlock(scene, region, name(region))),
      ],
      GAP * 1.5,
    ),
  );
}

function layout(
  regions: readonly ExplainedRegion[],
): Pick<ExplainScene, "cell" | "width" | "mostIterations"> {
  const mostIterations = iterationLimit(regions);
  const rows = regions.reduce((sum, region) => sum + rowCount(region, mostIterations), 0);
  const room = (4000 - SHEET_WORDS - REGION_WORDS * regions.length) / Math.max(1, rows) - ROW_WORDS;
  const height = Math.floor(Math.min(220, Math.max(100, room)));
  return { cell: { width: CELL_WIDTH, height }, width: contentWidth(regions), mostIterations };
}

function iterationLimit(regions: readonly ExplainedRegion[]): number {
  let most = MOST_ROWS;
  const rows = () => regions.reduce((sum, region) => sum + rowCount(region, most), 0);
  while (most > 1 && rows() > MOST_ROWS) most--;
  return most;
}

function rowCount({ iterations }: ExplainedRegion, most: number): number {
  return Math.max(1, Math.min(iterations.length, most));
}

function contentWidth(regions: readonly ExplainedRegion[]): number {
  const candidates = regions.flatMap(({ iterations }) =>
    iterations.map((iteration) => iteration.candidates.length),
  );
  const panels = 3 + Math.min(MOST_CANDIDATES, Math.max(1, ...candidates));
  return panels * (CELL_WIDTH + GAP) - GAP;
}

function leftOut(
  all: readonly ExplainedRegion[],
  shown: readonly ExplainedRegion[],
  mostIterations: number,
): string[] {
  const notes: string[] = [];
  const regions = all.length - shown.length;
  if (all.length === 0) notes.push("No region to refine");
  if (regions > 0) notes.push(`${regions} smaller region${regions > 1 ? "s are" : " is"} not shown`);
  if (shown.some(({ iterations }) => iterations.length > mostIterations)) {
    notes.push(`Only ${mostIterations} iterations of a region are shown, the last one among them`);
  }
  return notes;
}
