import { type Block, centred, column, pictureBlock, row, tagBlock, textBlock } from "./block.ts";
import type { Colour } from "./colour.ts";
import { drawRectangle } from "./draw-rectangle.ts";
import { createPicture, type Picture } from "./picture.ts";
import type { Sized } from "./same-size.ts";
import { CAPTION_SCALE, CARD, HEADING_SCALE, INK, MUTED } from "./theme.ts";

/** A picture with its words. */
export interface Panel {
  readonly heading: string;
  readonly picture: Picture;
  /** Colour of a frame round the picture, for the one that was chosen. */
  readonly frame?: Colour;
  /** A tag beside the heading. */
  readonly tag?: { readonly text: string; readonly colour: Colour };
  /** Blocks below the picture. */
  readonly below?: readonly Block[];
}

const FRAME_WIDTH = 4;

/** A panel whose picture is centred in a cell of this size. */
export function panelBlock(panel: Panel, cell: Sized, headingScale: number = HEADING_SCALE): Block {
  const { heading, picture, frame, tag, below = [] } = panel;
  const tags = tag ? [tagBlock(tag.text, tag.colour)] : [];
  const room = cell.width - tags.reduce((sum, { width }) => sum + width + 8, 0);
  const words = [textBlock(heading, room, headingScale, INK), ...tags];
  const shown = frame ? framedBlock(picture, frame) : pictureBlock(picture);
  return column([row(words, 8, "middle"), centred(shown, cell.width, cell.height), ...below], 8);
}

function framedBlock(picture: Picture, colour: Colour): Block {
  const plain = pictureBlock(picture);
  const half = FRAME_WIDTH / 2;
  return {
    ...plain,
    draw: (sheet, x, y) => {
      plain.draw(sheet, x, y);
      const edges = [x - half, y - half, x + picture.width + half, y + picture.height + half] as const;
      drawRectangle(sheet, edges, { colour, width: FRAME_WIDTH, halo: 0 });
    },
  };
}

/** A card that says why there is no picture. */
export function placeholder(text: string, { width, height }: Sized): Picture {
  const picture = createPicture(width, height, CARD);
  const words = textBlock(text, width - 8, CAPTION_SCALE, MUTED);
  centred(words, width, height).draw(picture, 0, 0);
  return picture;
}
