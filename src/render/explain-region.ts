import type { LabelMap } from "../core/mask.ts";
import { type Block, band, column, row, tagBlock, textBlock } from "./block.ts";
import type { Colour } from "./colour.ts";
import {
  coarsePanel,
  figure,
  iterationPanels,
  outcomeColour,
  outcomePanel,
  type RegionScene,
} from "./explain-panels.ts";
import { bestMasks, type ExplainedIteration, type ExplainedRegion, regionMask } from "./explained-region.ts";
import { withThousands } from "./legend.ts";
import { type Panel, panelBlock } from "./panel.ts";
import type { Picture } from "./picture.ts";
import { regionBox } from "./region-box.ts";
import type { Sized } from "./same-size.ts";
import { CAPTION_SCALE, COARSE, GAP, HEADING_SCALE, INK, MUTED, REFINED } from "./theme.ts";
import { fitView, viewPicture } from "./view.ts";

/** What all regions of a sheet share. */
export interface ExplainScene {
  readonly photo: Picture;
  readonly coarse: LabelMap;
  readonly refined: LabelMap;
  /** Size of a picture's cell. */
  readonly cell: Sized;
  /** Width of the sheet's content. */
  readonly width: number;
  /** Most iterations shown of a region. */
  readonly mostIterations: number;
}

const VERDICT_COLOURS: Readonly<Record<ExplainedRegion["verdict"], Colour>> = {
  refined: REFINED,
  kept: COARSE,
  unchanged: MUTED,
};

/** Everything a sheet says about one region: its verdict, and a row of panels for each iteration. */
export function regionBlock(sheet: ExplainScene, region: ExplainedRegion, name: string): Block {
  const { photo, cell } = sheet;
  const view = fitView(regionBox(region, photo, cell), cell);
  const coarse = regionMask(sheet.coarse, region.label);
  const shown = viewPicture(photo, view);
  const scene = { photo, view, shown, coarse, cell: { width: cell.width, height: view.height } };
  const end = outcomePanel(scene, "coarse → refined", regionMask(sheet.refined, region.label), [
    `IoU with coarse ${figure(region.coarseIoU)}`,
    ...lastLook(region),
  ]);
  const rows =
    region.iterations.length > 0
      ? iterationRows(scene, region.iterations, sheet.mostIterations, end)
      : [panelRow([coarsePanel(scene), end], scene.cell)];
  return column([regionHeader(region, name, sheet.width), ...rows], 24);
}

/** What the decodes above do not show: a mask that was decoded once more from a crop. */
function lastLook({ crop }: ExplainedRegion): string[] {
  return crop === undefined ? [] : [`looked at again, ${crop.x1 - crop.x0}×${crop.y1 - crop.y0} px enlarged`];
}

/** The region's name and verdict on a band as wide as the sheet: where one region ends and the next begins. */
function regionHeader(region: ExplainedRegion, name: string, width: number): Block {
  const { label, area, refinedArea, verdict, reason } = region;
  const areas = `${withThousands(area)} → ${withThousands(refinedArea)} px`;
  const tag = tagBlock(verdict, VERDICT_COLOURS[verdict]);
  const words = `${name} · label ${label} · ${areas}${reason ? ` · ${reason}` : ""}`;
  return band(row([tag, textBlock(words, width - tag.width - 36, HEADING_SCALE, INK)], 12, "middle"), width);
}

function iterationRows(
  scene: RegionScene,
  iterations: readonly ExplainedIteration[],
  most: number,
  end: Panel,
): Block[] {
  const masks = bestMasks(scene.coarse, iterations);
  const count = iterations.length;
  return shownIterations(count, most).map((i) => {
    const panels = iterationPanels(scene, iterations[i]!, masks[i]!);
    panels.push(i === count - 1 ? end : outcomePanel(scene, "best so far", masks[i + 1]!));
    return column([iterationHeader(iterations[i]!, i, count), panelRow(panels, scene.cell)], 8);
  });
}

/** The first iterations and the last. */
function shownIterations(count: number, most: number): number[] {
  const all = Array.from({ length: count }, (_, i) => i);
  return count <= most ? all : [...all.slice(0, most - 1), count - 1];
}

function iterationHeader(iteration: ExplainedIteration, index: number, count: number): Block {
  const { source, contrast } = iteration;
  const growth = source === "grown" || source === "previous" ? " · growth" : "";
  const found = contrast === undefined ? "" : ` · boundary contrast ${contrast.toFixed(2)}`;
  return row(
    [
      textBlock(`Iteration ${index + 1} of ${count}${growth}${found}`, 600, HEADING_SCALE, INK),
      outcomeTag(iteration),
    ],
    10,
    "middle",
  );
}

function outcomeTag(iteration: ExplainedIteration): Block {
  const { source, accepted } = iteration;
  const word = source === "grown" ? "on to the next" : accepted ? "accepted" : "rejected";
  return tagBlock(word, outcomeColour(iteration));
}

function panelRow(panels: readonly Panel[], cell: Sized): Block {
  return row(
    panels.map((panel) => panelBlock(panel, cell, CAPTION_SCALE)),
    GAP,
  );
}
