import type { LabelMap } from "../core/mask.ts";
import { type Block, column, header, renderBlock, row } from "./block.ts";
import { type CloseUpMask, closeUpBoxes, closeUpCell, closeUpRow } from "./close-up.ts";
import { plainPanels, type Scene, truthPanels } from "./comparison-panels.ts";
import { defaultIgnoreLabel } from "./contour.ts";
import { wholeBox } from "./heat.ts";
import { type Panel, panelBlock } from "./panel.ts";
import type { Picture } from "./picture.ts";
import { assertSameSize, type Sized } from "./same-size.ts";
import { COARSE, GAP, REFINED, TRUTH } from "./theme.ts";
import { fitView, type View, viewPicture } from "./view.ts";

/** What a comparison sheet shows. All maps have the photo's size. */
export interface ComparisonSheetInput {
  readonly photo: Picture;
  readonly coarse: LabelMap;
  readonly refined: LabelMap;
  /** Adds the true mask, and what the refined one still gets wrong. */
  readonly groundTruth?: LabelMap;
  readonly title?: string;
  /** Lines below the title, for example figures; at most 12 are shown. */
  readonly caption?: readonly string[];
  /** Longest side of a panel's picture in pixels, 64..720. @default 640 */
  readonly panelWidth?: number;
  /** Id that is hatched in gray and never an error; `null` for none. @default 255 in 8-bit label maps */
  readonly ignoreLabel?: number | null;
}

type Look = Pick<Scene, "ignoreLabel" | "single">;

/** Narrowest cell that holds a heading and a legend. */
const LEAST_CELL = 250;
const MOST_CAPTIONS = 12;
/** Close-ups of a label map: its changes lie at several objects. */
const MOST_CLOSE_UPS = 3;

/**
 * A sheet that compares a coarse with a refined mask: photo, both overlays and their difference, and close-ups
 * of where most changed: one of a single object, up to three of a label map. Never larger than 2400 × 4000 pixels, whatever the photo's size.
 *
 * @throws RangeError if a map's size is not the photo's
 */
export function comparisonSheet(input: ComparisonSheetInput): Picture {
  assertSizes(input);
  const view = overview(input);
  const cell = { width: Math.max(LEAST_CELL, view.width), height: view.height };
  const columns = columnCount(view, input.groundTruth ? 6 : 4);
  const width = columns * (cell.width + GAP) - GAP;
  const masks = closeUpMasks(input);
  const near = closeUpCell(width, masks.length);
  const looks = look(input);
  const closeUps = closeUpBoxes(input.coarse, input.refined, near, looks.single ? 1 : MOST_CLOSE_UPS);
  const shown = viewPicture(input.photo, view);
  const scene = { ...input, ...looks, view, shown, cellWidth: cell.width, closeUps };
  const blocks = header(input.title, (input.caption ?? []).slice(0, MOST_CAPTIONS), width);
  blocks.push(gridBlock(panelsOf(scene, input.groundTruth), columns, cell));
  for (const box of closeUps) blocks.push(closeUpRow(input.photo, masks, box, near));
  return renderBlock(column(blocks));
}

function assertSizes({ photo, coarse, refined, groundTruth }: ComparisonSheetInput): void {
  assertSameSize("The coarse mask", coarse, "the photo", photo);
  assertSameSize("The refined mask", refined, "the photo", photo);
  if (groundTruth) assertSameSize("The ground truth", groundTruth, "the photo", photo);
}

function overview({ photo, panelWidth = 640 }: ComparisonSheetInput): View {
  const side = Math.round(Math.min(720, Math.max(64, panelWidth)));
  return fitView(wholeBox(photo), { width: side, height: side }, true);
}

/** Tall pictures stand side by side, wide ones lie below each other. */
function columnCount({ width, height }: Sized, panels: number): number {
  if (width < 0.6 * height) return panels;
  return Math.floor(width > 2.6 * height ? panels / 3 : panels / 2);
}

function look({ coarse, refined, ignoreLabel = defaultIgnoreLabel(coarse) }: ComparisonSheetInput): Look {
  return { ignoreLabel, single: isSingle(coarse, ignoreLabel) && isSingle(refined, ignoreLabel) };
}

function isSingle({ data }: LabelMap, ignoreLabel: number | null): boolean {
  const first = data.find((id) => id !== 0 && id !== ignoreLabel);
  return data.every((id) => id === 0 || id === ignoreLabel || id === first);
}

function panelsOf(scene: Scene, truth: LabelMap | undefined): Panel[] {
  return truth ? truthPanels(scene, truth) : plainPanels(scene);
}

function closeUpMasks({ coarse, refined, groundTruth }: ComparisonSheetInput): CloseUpMask[] {
  const masks = [
    { heading: "coarse", labels: coarse, colour: COARSE },
    { heading: "refined", labels: refined, colour: REFINED },
  ];
  return groundTruth ? [...masks, { heading: "ground truth", labels: groundTruth, colour: TRUTH }] : masks;
}

function gridBlock(panels: readonly Panel[], columns: number, cell: Sized): Block {
  const rows: Block[] = [];
  for (let i = 0; i < panels.length; i += columns) {
    rows.push(row(panels.slice(i, i + columns).map((panel) => panelBlock(panel, cell))));
  }
  return column(rows);
}
