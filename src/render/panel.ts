import { type Block, centred, column, pictureBlock, row, tagBlock, textBlock } from "./block.ts";
import type { Colour } from "./colour.ts";
import { drawRectangle } from "./draw-rectangle.ts";
import { measureTag } from "./draw-tag.ts";
import { createPicture, type Picture } from "./picture.ts";
import type { Sized } from "./same-size.ts";
import { CAPTION_SCALE, CARD, HEADING_SCALE, INK, MUTED } from "./theme.ts";

/** A word on a colour. */
interface PanelTag {
  readonly text: string;
  readonly colour: Colour;
}

/** A picture with its words. */
export interface Panel {
  readonly heading: string;
  readonly picture: Picture;
  /** Colour of a frame round the picture, for the one that was chosen. */
  readonly frame?: Colour;
  /** A tag beside the heading. */
  readonly tag?: PanelTag;
  /** Blocks below the picture. */
  readonly below?: readonly Block[];
}

const FRAME_WIDTH = 4;

/** A panel whose picture is centred in a cell of this size. */
export function panelBlock(panel: Panel, cell: Sized, headingScale: number = HEADING_SCALE): Block {
  const { heading, picture, frame, tag, below = [] } = panel;
  const shown = frame ? framedBlock(picture, frame) : pictureBlock(picture);
  return column(
    [headingBlock(heading, tag, cell.width, headingScale), centred(shown, cell.width, cell.height), ...below],
    8,
  );
}

/** As tall with a tag as without, so that the pictures of a row stay level. */
function headingBlock(heading: string, tag: PanelTag | undefined, width: number, scale: number): Block {
  const tags = tag ? [tagBlock(tag.text, tag.colour)] : [];
  const room = width - tags.reduce((sum, block) => sum + block.width + 8, 0);
  const words = row([textBlock(heading, room, scale, INK), ...tags], 8, "middle");
  return centred(words, 0, measureTag("", CAPTION_SCALE).height);
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
