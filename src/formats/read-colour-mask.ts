import { type ColourMap, voidId } from "./colour-map.ts";
import type { MaskFile, ReadMaskOptions } from "./mask-file.ts";
import { hasColours, readColours, rewriteColours } from "./png/colours.ts";
import type { PngImage } from "./png/decode-png.ts";
import { maskOfSamples, type StoredSamples } from "./sample-mask.ts";
import { unusable } from "./unusable.ts";

const rgb = 0xffffff;

/**
 * A colour-coded PNG as a label map of the ids that a colour map gives; written back, a pixel keeps its alpha.
 *
 * @param bytes - the file; kept, so it must not change.
 * @param gray - whether the picture is a mask without the map: then colours that the map lacks are no error.
 * @returns `undefined` for such a gray picture
 * @throws InputError for a colour that the map does not name, or 16-bit colours
 */
export function codedMask(
  bytes: Uint8Array,
  image: PngImage,
  map: ColourMap,
  options: ReadMaskOptions,
  gray: boolean,
): MaskFile | undefined {
  const { header } = image;
  if (!hasColours(header)) {
    if (gray) return undefined;
    throw unusable(options.name, "a picture in 16-bit colour", "8 bits for each of red, green and blue");
  }
  const colours = readColours(image);
  const stranger = colours.findIndex((colour) => !map.ids.has(colour & rgb));
  if (stranger >= 0 && gray) return undefined;
  if (stranger >= 0) throw strangeColour(colours[stranger]!, stranger, image, map, options.name);
  const file = maskOfSamples(
    {
      format: "png",
      width: header.width,
      height: header.height,
      ...idsOf(colours, map),
      rewrite: (pixels, idAt) => {
        const colourOf = coloursOf(map);
        const alpha = (i: number): number => (header.channels === 4 ? image.rows[4 * i + 3]! : 255);
        return rewriteColours(image, pixels, (i) => (alpha(i) << 24) | colourOf.get(idAt(i))!);
      },
      original: () => bytes.slice(),
    },
    {
      ...options,
      encoding: options.encoding === "binary" ? "binary" : "labels",
      ignoreLabel: options.ignoreLabel === undefined ? voidId : options.ignoreLabel,
    },
    [`${options.name}: its colours are read as ${map.name} names them`],
  );
  return { ...file, colours: map };
}

type Ids = Pick<StoredSamples, "fullScale" | "paletteSize" | "read" | "writable">;

function idsOf(colours: Uint32Array, { ids }: ColourMap): Ids {
  const known = [...ids.values()];
  const largest = known.reduce((a, b) => Math.max(a, b), 0);
  const fullScale = largest > 255 ? 65_535 : 255;
  const stored = fullScale > 255 ? new Uint16Array(colours.length) : new Uint8Array(colours.length);
  let last = -1;
  for (let i = 0, id = 0; i < colours.length; i++) {
    // Masks are areas of one colour.
    if (colours[i] !== last) {
      last = colours[i]!;
      id = ids.get(last & rgb)!;
    }
    stored[i] = id;
  }
  const writable = new Uint8Array(fullScale + 1);
  for (const id of known) writable[id] = 1;
  return { fullScale, paletteSize: fullScale + 1, read: () => stored, writable: () => writable };
}

/** Of two colours with one id the first. */
function coloursOf({ ids }: ColourMap): Map<number, number> {
  return new Map([...ids].reverse().map(([colour, id]) => [id, colour]));
}

function strangeColour(colour: number, i: number, { header }: PngImage, map: ColourMap, name: string): Error {
  const [red, green, blue] = [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255];
  const place = `(${i % header.width}, ${Math.floor(i / header.width)})`;
  return unusable(
    name,
    `the colour ${red},${green},${blue} at ${place}`,
    `only colours that ${map.name} names`,
  );
}
