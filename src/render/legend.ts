import { type Block, column, row, textBlock } from "./block.ts";
import type { ChangeCounts } from "./changes.ts";
import type { Colour } from "./colour.ts";
import { CHANGE_COLOURS } from "./difference.ts";
import { drawShape } from "./draw-shape.ts";
import { roundedRectangle } from "./shapes.ts";
import { CAPTION_SCALE } from "./theme.ts";

const SWATCH = 13;

/** One entry of a legend: a mark and what it means. */
export function legendEntry(mark: Block, text: string, width: number = Number.POSITIVE_INFINITY): Block {
  return row([mark, textBlock(text, width - mark.width - 7, CAPTION_SCALE)], 7, "middle");
}

/** A small square of a colour. */
export function swatch(colour: Colour): Block {
  return {
    width: SWATCH,
    height: SWATCH,
    draw: (sheet, x, y) => drawShape(sheet, roundedRectangle([x, y, x + SWATCH, y + SWATCH], 3), colour),
  };
}

/** Words for added, removed and relabelled pixels. */
export type ChangeWords = readonly [added: string, removed: string, relabelled: string];

/** What the colours of a difference mean, with their pixel counts, in rows no wider than `width`. */
export function changeLegend(
  { added, removed, relabelled }: ChangeCounts,
  width: number,
  words: ChangeWords = ["added", "removed", "relabelled"],
): Block {
  const entry = (kind: 0 | 1 | 2, count: number) =>
    legendEntry(swatch(CHANGE_COLOURS[kind]), `${words[kind]} ${withThousands(count)} px`, width);
  const entries = [entry(0, added), entry(1, removed)];
  if (relabelled > 0) entries.push(entry(2, relabelled));
  return flow(entries, width);
}

/** Blocks in rows no wider than `width`. */
export function flow(blocks: readonly Block[], width: number, gap = 22): Block {
  const rows: Block[][] = [[]];
  for (const block of blocks) {
    const last = rows.at(-1)!;
    if (last.length > 0 && row([...last, block], gap).width > width) rows.push([block]);
    else last.push(block);
  }
  return column(
    rows.map((entries) => row(entries, gap, "middle")),
    8,
  );
}

/** A count with thin groups of three: 27415 → "27 415". */
export function withThousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, " ");
}
