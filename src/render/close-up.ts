import type { Box, LabelMap } from "../core/mask.ts";
import { type Block, row } from "./block.ts";
import { changeWindow } from "./change-window.ts";
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

/**
 * The part of the photo where most changed, sized so that its pixels, enlarged by a whole number, fill a cell;
 * `undefined` if nothing changed.
 */
export function closeUpBox(coarse: LabelMap, refined: LabelMap, cell: Sized): Box | undefined {
  const longest = Math.max(coarse.width, coarse.height);
  const wanted = Math.min(160, Math.max(24, longest / 6));
  const scale = Math.max(1, Math.floor(cell.width / wanted));
  const size = { width: Math.floor(cell.width / scale), height: Math.floor(cell.height / scale) };
  return changeWindow(coarse, refined, size);
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
