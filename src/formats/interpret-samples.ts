import { classifySamples } from "./classify-samples.ts";
import type { ReadMaskOptions } from "./mask-file.ts";
import { countBytes } from "./same-words.ts";
import type { Samples } from "./texture.ts";

/** How stored samples become a mask's values and back. */
export interface Reading {
  readonly encoding: "binary" | "labels";
  readonly ignoreLabel: number | undefined;
  readonly notes: readonly string[];
  /** Value of each possible sample, `[fullScale + 1]`. */
  readonly table: Uint8Array | Uint16Array;
  /** Samples written for background and foreground; `undefined` for labels, which are stored as they are. */
  readonly levels?: readonly [background: number, foreground: number];
  /** Sample that `write` leaves alone: the void of a label map that is read as binary. */
  readonly locked?: number | undefined;
}

/**
 * Decides how the samples of a mask are read, see `classifySamples`.
 *
 * - Two values: the larger is foreground, and is what new foreground is written as.
 * - Shades: foreground from half of full scale on; changed pixels become 0 or full scale, others keep their shade.
 * - A trimap read as binary: as shades, so that the unknown band goes by its value.
 * - Other ids read as binary: every id but 0 and the ignore label is foreground; new foreground gets the most
 *   common of these ids.
 *
 * @param paletteSize - number of palette entries, `undefined` for gray.
 */
export function interpretSamples(
  samples: Samples,
  paletteSize: number | undefined,
  options: ReadMaskOptions,
): Reading {
  const counts = countSamples(samples);
  const kind = options.encoding === "labels" ? "ids" : classifySamples(samples, counts, paletteSize);
  if (kind === "two values") return readTwoValues(counts, samples.fullScale, paletteSize);
  if (kind === "shades") return readShades(counts, samples.fullScale, options.name);
  const ignoreLabel = chooseIgnoreLabel(samples.fullScale, options.ignoreLabel);
  const defaults = paletteSize === undefined && options.ignoreLabel === undefined;
  const trimap = defaults && isTrimap(counts, samples.fullScale);
  if (options.encoding === "binary") {
    if (trimap) return readShades(counts, samples.fullScale, options.name);
    return readIdsAsBinary(counts, samples.fullScale, ignoreLabel, options.name);
  }
  const reading = readIds(counts, samples.fullScale, ignoreLabel, options.name);
  return trimap && options.encoding !== "labels"
    ? { ...reading, notes: [trimapNote(options.name)] }
    : reading;
}

/** Background, a middle value and full scale, nothing else: sure background, unknown, sure object. */
function isTrimap(counts: Uint32Array, fullScale: number): boolean {
  const middle = [fullScale >> 1, (fullScale >> 1) + 1].filter((sample) => counts[sample]! > 0);
  const distinct = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  return fullScale === 255 && distinct === 3 && middle.length === 1 && counts[0]! > 0 && counts[255]! > 0;
}

function trimapNote(name: string): string {
  return `${name}: looks like a trimap, but is read as labels, of which 255 is the ignore label and stays as it is; encoding "binary" reads it as one object`;
}

function countSamples({ data, fullScale }: Samples): Uint32Array {
  if (data instanceof Uint8Array) return countBytes(data).subarray(0, fullScale + 1);
  const counts = new Uint32Array(fullScale + 1);
  for (let i = 0; i < data.length; i++) counts[data[i]!]!++;
  return counts;
}

/** A binary table: 1 where `isForeground` holds. */
function binaryTable(fullScale: number, isForeground: (sample: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: fullScale + 1 }, (_, sample) => (isForeground(sample) ? 1 : 0));
}

const binary = { encoding: "binary", ignoreLabel: undefined } as const;

function readTwoValues(counts: Uint32Array, fullScale: number, paletteSize: number | undefined): Reading {
  // An empty mask does not show its foreground; a palette of two colours can only mean index 1.
  const found = counts.findLastIndex((count) => count > 0);
  const foreground = found > 0 ? found : paletteSize === undefined ? fullScale : 1;
  const table = binaryTable(fullScale, (sample) => sample > 0);
  return { ...binary, notes: [], table, levels: [0, foreground] };
}

function readShades(counts: Uint32Array, fullScale: number, name: string): Reading {
  const half = (fullScale + 1) / 2;
  const between = counts.subarray(1, fullScale);
  const share = between.reduce((a, b) => a + b, 0) / counts.reduce((a, b) => a + b, 0);
  const note = `${name}: ${percent(share)} of the pixels lie between 0 and ${fullScale}; thresholded at ${half}`;
  const table = binaryTable(fullScale, (sample) => sample >= half);
  return { ...binary, notes: [note], table, levels: [0, fullScale] };
}

function percent(share: number): string {
  return share < 0.001 ? "under 0.1%" : `${(100 * share).toFixed(1)}%`;
}

function chooseIgnoreLabel(fullScale: number, wanted: number | null | undefined): number | undefined {
  if (wanted === undefined) return fullScale === 255 ? 255 : undefined;
  return wanted ?? undefined;
}

function readIds(
  counts: Uint32Array,
  fullScale: number,
  ignoreLabel: number | undefined,
  name: string,
): Reading {
  const table = fullScale > 255 ? new Uint16Array(fullScale + 1) : new Uint8Array(fullScale + 1);
  for (let id = 0; id < table.length; id++) table[id] = id;
  const occurs = ignoreLabel !== undefined && counts[ignoreLabel]! > 0;
  const notes = occurs ? [`${name}: label ${ignoreLabel} is the ignore label and stays as it is`] : [];
  return { encoding: "labels", ignoreLabel, notes, table };
}

function readIdsAsBinary(
  counts: Uint32Array,
  fullScale: number,
  ignoreLabel: number | undefined,
  name: string,
): Reading {
  const isObject = (id: number): boolean => id > 0 && id !== ignoreLabel;
  const objects = counts.map((count, id) => (isObject(id) ? count : 0));
  const largest = objects.reduce((a, b) => Math.max(a, b), 0);
  const foreground = largest > 0 ? objects.indexOf(largest) : 1;
  const ids = objects.reduce((distinct, count) => distinct + (count > 0 ? 1 : 0), 0);
  const notes = [`${name}: ${ids} labels are read as one object; new foreground is written as ${foreground}`];
  return {
    ...binary,
    notes,
    table: binaryTable(fullScale, isObject),
    levels: [0, foreground],
    locked: ignoreLabel,
  };
}
