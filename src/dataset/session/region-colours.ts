/** The colours that regions are shown in. */
import type { AnnotationFile } from "../../formats/annotations/annotation-file.ts";
import type { ColourMap } from "../../formats/mod.ts";
import { readChunks } from "../../formats/png/chunks.ts";
import { classColour } from "../../render/mod.ts";

/** Colour type "palette" in a PNG's header. */
const PALETTE = 3;

/**
 * The colour of each value of a mask file: its palette's, or that of the colours it is drawn in; our own for other files,
 * and where a palette gives a value the colour of the background.
 */
export function maskColours(
  bytes: Uint8Array,
  colours: ColourMap | undefined,
  ignoreLabel: number | undefined,
): (value: number) => string {
  const palette = paletteOf(bytes) ?? (colours && invert(colours));
  const ground = palette?.get(0);
  return (value) => {
    const own = palette?.get(value);
    return own === undefined || own === ground ? ownColour(value, ignoreLabel ?? null) : hex(own);
  };
}

/** The colour of each class of an annotation file, the same on all its photos. */
export function annotationColours({ photos }: AnnotationFile): (label: string) => string {
  const labels = new Set(photos.flatMap(({ regions }) => regions.map(({ label }) => label)));
  const places = new Map([...labels].sort().map((label, i) => [label, i + 1]));
  return (label) => ownColour(places.get(label) ?? 0, null);
}

/** `red << 16 | green << 8 | blue` by palette index. */
function paletteOf(bytes: Uint8Array): Map<number, number> | undefined {
  if (bytes[0] !== 0x89 || bytes[25] !== PALETTE) return undefined;
  const { data } = readChunks(bytes, "PNG").chunks.find(({ type }) => type === "PLTE")!;
  const entries = Array.from({ length: Math.floor(data.length / 3) }, (_, i): [number, number] => [
    i,
    (data[3 * i]! << 16) | (data[3 * i + 1]! << 8) | data[3 * i + 2]!,
  ]);
  return new Map(entries);
}

function invert({ ids }: ColourMap): Map<number, number> {
  const first = new Map<number, number>();
  for (const [colour, id] of ids) if (!first.has(id)) first.set(id, colour);
  return first;
}

function ownColour(id: number, ignoreLabel: number | null): string {
  const [red, green, blue] = classColour(id, ignoreLabel);
  return hex((Math.round(red) << 16) | (Math.round(green) << 8) | Math.round(blue));
}

function hex(colour: number): string {
  return `#${(colour & 0xffffff).toString(16).padStart(6, "0")}`;
}
