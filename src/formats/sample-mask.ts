/** Masks whose pixels are numbers in a file, whatever the format: how they become values and go back. */
import { interpretSamples, type Reading } from "./interpret-samples.ts";
import type { MaskFile, ReadMaskOptions } from "./mask-file.ts";
import { forEachOtherWord, mapBytes } from "./same-words.ts";

/** A file's pixels as numbers. */
export interface StoredSamples {
  readonly format: MaskFile["format"];
  readonly width: number;
  readonly height: number;
  /** Largest number that the file's kind could hold. */
  readonly fullScale: number;
  /** How many colours name ids; `undefined` where the numbers are gray values. */
  readonly paletteSize: number | undefined;
  /** The numbers, `[height, width]` row-major; the caller does not change them. */
  read(): Uint8Array | Uint16Array;
  /** 1 for every number the file can hold, `[fullScale + 1]`. */
  writable(stored: Uint8Array | Uint16Array): Uint8Array;
  /** The file with `sampleAt(i)` at these pixels. */
  rewrite(pixels: readonly number[], sampleAt: (i: number) => number): Uint8Array;
  /** The file's own bytes, in a new array. */
  original(): Uint8Array;
}

/**
 * The mask of a file's numbers.
 *
 * @param notes what the file's reader had to decide
 */
export function maskOfSamples(
  stored: StoredSamples,
  options: ReadMaskOptions,
  notes: readonly string[] = [],
): MaskFile {
  const { width, height, fullScale, paletteSize, format } = stored;
  const data = stored.read();
  const reading = interpretSamples({ width, height, data, fullScale }, paletteSize, options);
  return {
    name: options.name,
    format,
    width,
    height,
    encoding: reading.encoding,
    values: toValues(data, reading),
    ignoreLabel: reading.ignoreLabel,
    notes: [...reading.notes, ...notes],
    write: (values) => writeValues(values, stored, reading),
  };
}

function toValues(samples: Uint8Array | Uint16Array, { table }: Reading): Uint8Array | Uint16Array {
  if (samples instanceof Uint8Array && table instanceof Uint8Array) return mapBytes(samples, table);
  const values =
    table instanceof Uint16Array ? new Uint16Array(samples.length) : new Uint8Array(samples.length);
  for (let i = 0; i < values.length; i++) values[i] = table[samples[i]!]!;
  return values;
}

function writeValues(values: Uint8Array | Uint16Array, file: StoredSamples, reading: Reading): Uint8Array {
  const stored = file.read();
  if (values.length !== stored.length) {
    throw new RangeError(`${values.length} values for a mask of ${stored.length} pixels`);
  }
  const changed = changedPixels(values, stored, reading);
  if (changed.length === 0) return file.original();
  const writable = file.writable(stored);
  return file.rewrite(changed, (i) => toSample(values[i]!, reading, writable));
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

function toSample(value: number, { levels }: Reading, writable: Uint8Array): number {
  const sample = levels ? levels[value] : value;
  if (sample !== undefined && writable[sample] === 1) return sample;
  const fitting = writable.lastIndexOf(1);
  throw new RangeError(`value ${value} does not fit the mask file, whose largest is ${levels ? 1 : fitting}`);
}
