/** Colours that stand for classes or instances in masks saved as RGB pictures. */
import { unusable } from "./unusable.ts";

/** What each colour of a colour-coded mask means. */
export interface ColourMap {
  /** What messages call the map, for example the path of a labelmap.txt. */
  readonly name: string;
  /** Id of each colour, `red << 16 | green << 8 | blue`; 0 is background, 255 void. */
  readonly ids: ReadonlyMap<number, number>;
}

/** The id of what is never refined. */
export const voidId = 255;
/** VOC's frame around objects. */
const vocVoid = 0xe0e0c0;
const voidNames = new Set(["void", "ignore"]);

/**
 * Reads a labelmap.txt: a line `name:red,green,blue:parts:actions` for each class, `#` before comments.
 * Black, or the class `background`, is id 0; the others count from 1 in the order of the file; `void`, `ignore` and
 * VOC's pale yellow are 255.
 *
 * @throws InputError for a line that is none, or a colour that two classes have
 */
export function parseLabelmap(name: string, text: string): ColourMap {
  const ids = new Map<number, number>();
  let next = 1;
  text.split(/\r\n|[\r\n]/).forEach((line, i) => {
    if (/^\s*(#.*)?$/.test(line)) return;
    const { label, colour } = parseLine(name, line, i + 1);
    if (ids.has(colour)) throw unusable(name, `a colour of two classes in line ${i + 1}`, "each colour once");
    if (colour === 0 || label === "background") ids.set(colour, 0);
    else if (voidNames.has(label) || colour === vocVoid) ids.set(colour, voidId);
    else {
      // 255 stays free for void.
      if (next === voidId) next++;
      ids.set(colour, next++);
    }
  });
  if (ids.size === 0) throw unusable(name, "no line that names a colour", "lines such as cat:128,0,0");
  if (!ids.has(vocVoid)) ids.set(vocVoid, voidId);
  if (!ids.has(0)) ids.set(0, 0);
  return { name, ids };
}

function parseLine(name: string, line: string, number: number): { label: string; colour: number } {
  // Names may have colons, colours do not.
  const found = /^(.*?):\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?::.*)?$/.exec(line);
  const channels = found?.slice(2, 5).map(Number) ?? [];
  if (found === null || channels.some((channel) => channel > 255))
    throw unusable(name, `line ${number}, "${line.slice(0, 60)}"`, "a line such as cat:128,0,0::");
  const [red, green, blue] = channels as [number, number, number];
  return { label: found[1]!.trim().toLowerCase(), colour: (red << 16) | (green << 8) | blue };
}

/** The colours that the PASCAL VOC toolkit gives to indices 0 to 255: the id's bits, three at a time. */
export function vocColours(): ColourMap {
  const ids = new Map(Array.from({ length: 256 }, (_, id) => [vocColour(id), id]));
  return { name: "PASCAL VOC", ids };
}

function vocColour(id: number): number {
  let colour = 0;
  for (let bit = 7, rest = id; rest > 0; bit--, rest >>= 3) {
    const [red, green, blue] = [rest & 1, (rest >> 1) & 1, (rest >> 2) & 1];
    colour |= ((red << 16) | (green << 8) | blue) << bit;
  }
  return colour;
}
