import { scratchBytes } from "../core/scratch.ts";
import { interpretSamples, type Reading } from "./interpret-samples.ts";
import type { MaskFile, ReadMaskOptions } from "./mask-file.ts";
import { decodePNG, type PngImage } from "./png/decode-png.ts";
import { fullScale } from "./png/header.ts";
import { rewritePNG } from "./png/rewrite-png.ts";
import { alphaVaries, isGray, readSamples, writeSample } from "./png/samples.ts";
import { forEachOtherWord, mapBytes } from "./same-words.ts";
import { unusable } from "./unusable.ts";

/**
 * Reads a PNG as a mask: gray or palette, with or without alpha, or RGB whose channels are alike.
 *
 * @param bytes - the file, its signature checked by the caller; kept, so it must not change.
 * @throws InputError if the file is broken, too large, animated, or a coloured picture.
 */
export function readPNGMask(bytes: Uint8Array, options: ReadMaskOptions): MaskFile {
  const { name } = options;
  const image = decodePNG(bytes, name, options.pixelLimit);
  const { header, rows } = image;
  if (!isGray(rows, header)) {
    throw unusable(
      name,
      "a picture in colour",
      "a mask in gray or palette colours, or RGB with equal channels",
    );
  }
  const { width, height } = header;
  const samples = { width, height, data: readSamples(rows, header), fullScale: fullScale(header) };
  const reading = interpretSamples(samples, image.paletteSize, options);
  return {
    name,
    format: "png",
    width,
    height,
    encoding: reading.encoding,
    values: toValues(samples.data, reading),
    ignoreLabel: reading.ignoreLabel,
    notes: [...reading.notes, ...noteAlpha(image, name)],
    write: (values) => writeValues(values, image, reading) ?? bytes.slice(),
  };
}

function toValues(samples: Uint8Array | Uint16Array, { table }: Reading): Uint8Array | Uint16Array {
  if (samples instanceof Uint8Array && table instanceof Uint8Array) return mapBytes(samples, table);
  const values =
    table instanceof Uint16Array ? new Uint16Array(samples.length) : new Uint8Array(samples.length);
  for (let i = 0; i < values.length; i++) values[i] = table[samples[i]!]!;
  return values;
}

function noteAlpha({ rows, header }: PngImage, name: string): string[] {
  return alphaVaries(rows, header) ? [`${name}: the alpha channel is kept but not read as a mask`] : [];
}

/** The file with changed pixels, or `undefined` if none changed. */
function writeValues(
  values: Uint8Array | Uint16Array,
  image: PngImage,
  reading: Reading,
): Uint8Array | undefined {
  const stored = readSamples(image.rows, image.header);
  if (values.length !== stored.length) {
    throw new RangeError(`${values.length} values for a mask of ${stored.length} pixels`);
  }
  const changed = changedPixels(values, stored, reading);
  if (changed.length === 0) return undefined;
  const rows = scratchBytes("rows", image.rows.length);
  rows.set(image.rows);
  const writable = writableSamples(stored, image);
  for (let k = 0; k < changed.length; k++) {
    const i = changed[k]!;
    writeSample(rows, image.header, i, toSample(values[i]!, reading, writable));
  }
  return rewritePNG(image, rows);
}

/** Indices of pixels whose value is not the stored one and may change. */
function changedPixels(
  values: Uint8Array | Uint16Array,
  stored: Uint8Array | Uint16Array,
  { table, locked }: Reading,
): number[] {
  const changed: number[] = [];
  const compare = (from: number, to: number): void => {
    for (let i = from; i < to; i++)
      if (table[stored[i]!] !== values[i] && stored[i] !== locked) changed.push(i);
  };
  const bytes = values instanceof Uint8Array && stored instanceof Uint8Array;
  if (bytes && table instanceof Uint8Array) forEachOtherWord(stored, table, values, compare);
  else compare(0, values.length);
  return changed;
}

/** 1 for every sample the file can hold. An index beyond the palette, such as a void of 255, may only spread. */
function writableSamples(stored: Uint8Array | Uint16Array, { header, paletteSize }: PngImage): Uint8Array {
  const size = fullScale(header) + 1;
  const writable = new Uint8Array(size).fill(1, 0, paletteSize ?? size);
  // Without a palette every sample is writable anyway.
  if (paletteSize !== undefined) for (let i = 0; i < stored.length; i++) writable[stored[i]!] = 1;
  return writable;
}

function toSample(value: number, { levels }: Reading, writable: Uint8Array): number {
  const sample = levels ? levels[value] : value;
  if (sample !== undefined && writable[sample] === 1) return sample;
  const fitting = writable.lastIndexOf(1);
  throw new RangeError(`value ${value} does not fit the mask file, whose largest is ${levels ? 1 : fitting}`);
}
