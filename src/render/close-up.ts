import type { Box, LabelMap } from "../core/mask.ts";
import { type Block, row } from "./block.ts";
import { changeWindow } from "./change-window.ts";
import { countChanges } from "./changes.ts";
import type { Colour } from "./colour.ts";
import { drawContour } from "./contour.ts";
import { panelBlock } from "./panel.ts";
import type { Picture } from "./picture.ts";
import type { Sized } from "./same-size.ts";
import { GAP } from "./theme.ts";
import { fitView, viewLabels, viewPicture, viewScale } from "./view.ts";

/** A mask shown in a close-up, as a contour of one colour. */
export interface CloseUpMask {
  readonly heading: string;
  readonly labels: LabelMap;
  readonly colour: Colour;
}

const TALLEST = 440;

/** The cell of each of `count` close-ups that share a row of this width. */
export function closeUpCell(width: number, count: number): Sized {
  const cell = Math.floor((width - (count - 1) * GAP) / count);
  return { width: cell, height: Math.min(TALLEST, Math.round(cell * 0.7)) };
}

/** Less than this share of the changes left: no further close-up is worth its place. */
const WORTHWHILE = 0.05;

/**
 * The parts of the photo where most changed, the fullest first, sized so that their pixels, enlarged by a whole number,
 * fill a cell; none if nothing changed.
 *
 * @param most parts wanted
 */
export function closeUpBoxes(coarse: LabelMap, refined: LabelMap, cell: Sized, most: number): Box[] {
  const longest = Math.max(coarse.width, coarse.height);
  const wanted = Math.min(160, Math.max(24, longest / 6));
  const scale = Math.max(1, Math.floor(cell.width / wanted));
  const size = { width: Math.floor(cell.width / scale), height: Math.floor(cell.height / scale) };
  const boxes: Box[] = [];
  const all = changed(coarse, refined);
  for (let left = coarse; boxes.length < most; left = settled(left, refined, boxes.at(-1)!)) {
    const box = changeWindow(left, refined, size);
    if (box === undefined || changed(left, refined) < WORTHWHILE * all) break;
    boxes.push(box);
  }
  return boxes;
}

function changed(before: LabelMap, after: LabelMap): number {
  const { added, removed, relabelled } = countChanges(before, after);
  return added + removed + relabelled;
}

/** The map before with the changes inside a box done: what is left to show. */
function settled(before: LabelMap, after: LabelMap, [x0, y0, x1, y1]: Box): LabelMap {
  const data = before.data.slice();
  for (let y = y0; y <= y1; y++) {
    const row = y * before.width;
    data.set(after.data.subarray(row + x0, row + x1 + 1), row + x0);
  }
  return { ...before, data };
}

/** The same part of the photo once for each mask. */
export function closeUpRow(photo: Picture, masks: readonly CloseUpMask[], box: Box, cell: Sized): Block {
  const view = fitView(box, cell, true);
  const shown = { width: cell.width, height: view.height };
  const enlarged = Math.round(viewScale(view)[0]);
  return row(
    masks.map(({ heading, labels, colour }) => {
      const picture = viewPicture(photo, view);
      drawContour(picture, viewLabels(labels, view), { colour, thickness: 3 });
      return panelBlock(
        { heading: `${heading}, close-up${enlarged > 1 ? ` ×${enlarged}` : ""}`, picture },
        shown,
      );
    }),
  );
}
