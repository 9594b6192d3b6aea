import { scratchBytes } from "../core/scratch.ts";
import type { MaskFile, ReadMaskOptions } from "./mask-file.ts";
import { decodePNG, type PngImage } from "./png/decode-png.ts";
import { fullScale } from "./png/header.ts";
import { rewritePNG } from "./png/rewrite-png.ts";
import { alphaVaries, isGray, readSamples, writeSample } from "./png/samples.ts";
import { codedMask } from "./read-colour-mask.ts";
import { maskOfSamples, type StoredSamples } from "./sample-mask.ts";
import { unusable } from "./unusable.ts";

/**
 * Reads a PNG as a mask: gray or palette, with or without alpha, RGB whose channels are alike, or RGB whose
 * colours `options.colours` names.
 *
 * @param bytes - the file, its signature checked by the caller; kept, so it must not change.
 * @throws InputError if the file is broken, too large, animated, or a coloured picture without a colour map.
 */
export function readPNGMask(bytes: Uint8Array, options: ReadMaskOptions): MaskFile {
  const { name, colours } = options;
  const image = decodePNG(bytes, name, options.pixelLimit);
  const gray = isGray(image.rows, image.header);
  if (image.header.channels >= 3 && colours !== undefined) {
    const coded = codedMask(bytes, image, colours, options, gray);
    if (coded !== undefined) return coded;
  }
  if (!gray) {
    throw unusable(
      name,
      "a picture in colour",
      "a mask in gray or palette colours, RGB with equal channels, or a labelmap.txt in its folder or above, with a line such as cat:128,0,0 for each colour",
    );
  }
  return maskOfSamples(storedSamples(bytes, image), options, noteAlpha(image, name));
}

function storedSamples(bytes: Uint8Array, image: PngImage): StoredSamples {
  const { header, rows, paletteSize } = image;
  return {
    format: "png",
    width: header.width,
    height: header.height,
    fullScale: fullScale(header),
    paletteSize,
    read: () => readSamples(rows, header),
    writable: (stored) => writableSamples(stored, image),
    rewrite: (pixels, sampleAt) => rewriteSamples(image, pixels, sampleAt),
    original: () => bytes.slice(),
  };
}

function noteAlpha({ rows, header }: PngImage, name: string): string[] {
  return alphaVaries(rows, header) ? [`${name}: the alpha channel is kept but not read as a mask`] : [];
}

function rewriteSamples(
  image: PngImage,
  pixels: readonly number[],
  sampleAt: (i: number) => number,
): Uint8Array {
  const rows = scratchBytes("rows", image.rows.length);
  rows.set(image.rows);
  for (let k = 0; k < pixels.length; k++) {
    const i = pixels[k]!;
    writeSample(rows, image.header, i, sampleAt(i));
  }
  return rewritePNG(image, rows);
}

/** 1 for every sample the file can hold. An index beyond the palette, such as a void of 255, may only spread. */
function writableSamples(stored: Uint8Array | Uint16Array, { header, paletteSize }: PngImage): Uint8Array {
  const size = fullScale(header) + 1;
  const writable = new Uint8Array(size).fill(1, 0, paletteSize ?? size);
  // Without a palette every sample is writable anyway.
  if (paletteSize !== undefined) for (let i = 0; i < stored.length; i++) writable[stored[i]!] = 1;
  return writable;
}
