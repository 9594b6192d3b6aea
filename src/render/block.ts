import { blit } from "./blit.ts";
import type { Colour } from "./colour.ts";
import { drawShape } from "./draw-shape.ts";
import { drawTag, measureTag } from "./draw-tag.ts";
import { drawText, fitText, measureText } from "./draw-text.ts";
import { createPicture, type Picture } from "./picture.ts";
import { roundedRectangle } from "./shapes.ts";
import { CAPTION_SCALE, CARD, GAP, GROUND, INK, MARGIN, MUTED, TITLE_SCALE } from "./theme.ts";

const BAND_PAD = 8;

/** A part of a sheet that knows its size before it is drawn. */
export interface Block {
  readonly width: number;
  readonly height: number;
  readonly draw: (sheet: Picture, x: number, y: number) => void;
}

/** Draws a block on a ground of its own. */
export function renderBlock(block: Block, margin: number = MARGIN): Picture {
  const sheet = createPicture(
    Math.ceil(block.width) + 2 * margin,
    Math.ceil(block.height) + 2 * margin,
    GROUND,
  );
  block.draw(sheet, margin, margin);
  return sheet;
}

/** A picture as a block. */
export function pictureBlock(picture: Picture): Block {
  const { width, height } = picture;
  return { width, height, draw: (sheet, x, y) => blit(sheet, picture, x, y) };
}

/** One line of text, cut off with "…" where it is wider than `width`. */
export function textBlock(
  text: string,
  width: number,
  scale: number = CAPTION_SCALE,
  colour: Colour = MUTED,
): Block {
  const fitting = fitText(text, width, scale);
  const size = measureText(fitting, scale);
  return { ...size, draw: (sheet, x, y) => drawText(sheet, fitting, x, y, { scale, colour }) };
}

/** A rounded tag as a block. */
export function tagBlock(text: string, colour: Colour, scale: number = CAPTION_SCALE): Block {
  return { ...measureTag(text, scale), draw: (sheet, x, y) => drawTag(sheet, text, x, y, colour, scale) };
}

/** Blocks below each other, left-aligned. */
export function column(blocks: readonly Block[], gap: number = GAP): Block {
  return {
    width: Math.max(0, ...blocks.map((block) => block.width)),
    height: total(blocks, (block) => block.height, gap),
    draw: (sheet, x, y) => {
      let top = y;
      for (const block of blocks) {
        block.draw(sheet, x, top);
        top += block.height + gap;
      }
    },
  };
}

/** Blocks beside each other, aligned at the top or on their middles. */
export function row(blocks: readonly Block[], gap: number = GAP, align: "top" | "middle" = "top"): Block {
  const height = Math.max(0, ...blocks.map((block) => block.height));
  return {
    width: total(blocks, (block) => block.width, gap),
    height,
    draw: (sheet, x, y) => {
      let left = x;
      for (const block of blocks) {
        block.draw(sheet, left, y + (align === "middle" ? Math.round((height - block.height) / 2) : 0));
        left += block.width + gap;
      }
    },
  };
}

/** The block in the middle of an area of at least this width and height. */
export function centred(block: Block, width: number, height = 0): Block {
  const outer = { width: Math.max(width, block.width), height: Math.max(height, block.height) };
  const dx = Math.floor((outer.width - block.width) / 2);
  const dy = Math.floor((outer.height - block.height) / 2);
  return { ...outer, draw: (sheet, x, y) => block.draw(sheet, x + dx, y + dy) };
}

/** The block on a rounded card of this width. */
export function band(block: Block, width: number): Block {
  const height = block.height + 2 * BAND_PAD;
  return {
    width,
    height,
    draw: (sheet, x, y) => {
      drawShape(sheet, roundedRectangle([x, y, x + width, y + height], 8), CARD);
      block.draw(sheet, x + BAND_PAD * 1.5, y + BAND_PAD);
    },
  };
}

/** A sheet's first lines: title and captions, cut to the width of what stands below. */
export function header(title: string | undefined, caption: readonly string[], width: number): Block[] {
  const lines = caption.map((line) => textBlock(line, width));
  if (title) lines.unshift(textBlock(title, width, TITLE_SCALE, INK));
  return lines.length > 0 ? [column(lines, 8)] : [];
}

function total(blocks: readonly Block[], side: (block: Block) => number, gap: number): number {
  return blocks.reduce((sum, block) => sum + side(block), Math.max(0, blocks.length - 1) * gap);
}
