/** Masks from files, bytes or raw values. */
import { InputError } from "../core/errors.ts";
import type { LabelMap } from "../core/mask.ts";
import {
  type ColourMap,
  encodeBinaryPNG,
  encodeLabelPNG,
  peekFile,
  peekLength,
  readMaskFile,
} from "../formats/mod.ts";
import type { MaskInput } from "./inputs.ts";
import { coloursOfFile } from "./plan/layouts/colours-of-file.ts";
import { checkRaw, isRaw, readSource, type Source } from "./read-source.ts";

/** A mask as the refiner takes it, and the way back to its file. */
export interface LoadedMask {
  readonly name: string;
  /** What `write` writes: a file's own format where it can hold masks, else PNG. */
  readonly format: "png" | "npy";
  /** Values on the photo as displayed. */
  readonly map: LabelMap;
  readonly encoding: "binary" | "labels";
  readonly ignoreLabel: number | undefined;
  /** What the file's colours were taken for, where it is a picture in RGB. */
  readonly colours?: ColourMap | undefined;
  readonly notes: readonly string[];
  /** Present where the file's pixels lie as the photo is stored, not as it is displayed. */
  readonly turn?: Turn;
  /** The file with these values on the photo as displayed. */
  write(values: LabelMap["data"]): Uint8Array;
}

/** The way between a photo as stored and as displayed. */
export interface Turn {
  upright(stored: LabelMap): LabelMap;
  back(displayed: LabelMap["data"]): LabelMap;
}

/** How a mask's values are to be taken. */
export interface MaskReading {
  /**
   * `binary`: one object, of everything but 0 and the ignore label. `labels`: an id per pixel. `auto`: by the pixels.
   *
   * @default "auto"
   */
  readonly encoding?: "auto" | "binary" | "labels" | undefined;
  /** Value that is never refined and never overwritten; `null` for none. @default 255 in 8-bit label maps, else none */
  readonly ignoreLabel?: number | null | undefined;
  /**
   * What the colours of an RGB mask mean. Masks in gray or palette colours do not need it.
   *
   * @default VOC's colours in a folder `SegmentationObject`; else the `labelmap.txt` in the file's folder or the one above
   */
  readonly colours?: ColourMap | undefined;
}

/**
 * Reads a mask.
 *
 * @throws {InputError} when it is no mask, or raw values do not fit their size
 */
export async function loadMask(
  input: MaskInput,
  reading: MaskReading,
  pixelLimit: number,
  signal?: AbortSignal,
): Promise<LoadedMask> {
  if (isRaw(input)) return rawMask(input, reading);
  const source = await readSource(input, "mask", signal);
  const colours = reading.colours ?? (isFile(input) ? await coloursBeside(source) : undefined);
  return maskOf(source, { ...reading, colours }, pixelLimit);
}

/** Bytes and what comes from the web have no folder. */
function isFile(input: string | URL | Uint8Array): boolean {
  return !(input instanceof Uint8Array) && !/^(data|https?):/i.test(String(input));
}

async function coloursBeside({ name, bytes }: Source): Promise<ColourMap | undefined> {
  if (peekFile(bytes.subarray(0, peekLength)) !== "colour") return undefined;
  return coloursOfFile(name);
}

/**
 * The mask in a file's bytes.
 *
 * @throws {InputError} when it is no mask
 */
export async function maskOf(
  { name, bytes }: Source,
  reading: MaskReading,
  pixelLimit: number,
): Promise<LoadedMask> {
  const file = await readMaskFile(bytes, { ...reading, name, pixelLimit });
  const { width, height, values, encoding, notes } = file;
  return {
    name,
    format: file.format === "npy" ? "npy" : "png",
    map: { width, height, data: values },
    encoding,
    ignoreLabel: file.ignoreLabel,
    colours: file.colours,
    notes,
    write: (changed) => file.write(changed),
  };
}

function rawMask(input: LabelMap, reading: MaskReading): LoadedMask {
  checkRaw(input, "mask", [Uint8Array, Uint16Array]);
  const { width, height, data } = input;
  if (data.length !== width * height) {
    throw new InputError(
      `The mask has ${data.length} values: expected ${width * height} for ${width}×${height} pixels`,
    );
  }
  const binary = readsAsBinary(data, reading.encoding);
  const byDefault = binary || data instanceof Uint16Array ? undefined : 255;
  const ignoreLabel = reading.ignoreLabel === null ? undefined : (reading.ignoreLabel ?? byDefault);
  return {
    name: "mask",
    format: "png",
    map: binary ? { width, height, data: zeroOrOne(data, ignoreLabel) } : input,
    encoding: binary ? "binary" : "labels",
    ignoreLabel,
    notes: [],
    write: (changed) => encodeMaskPNG({ width, height, data: changed }, binary ? "binary" : "labels"),
  };
}

/** A PNG of values that come from no PNG. */
export function encodeMaskPNG(map: LabelMap, encoding: "binary" | "labels"): Uint8Array {
  return encoding === "binary" ? encodeBinaryPNG(map) : encodeLabelPNG(map);
}

function readsAsBinary(data: LabelMap["data"], encoding: MaskReading["encoding"] = "auto"): boolean {
  if (encoding !== "auto") return encoding === "binary";
  if (data.every((v) => v <= 1)) return true;
  // 0 and 255 is how most libraries hold a binary mask; as a label map it would be nothing but void.
  return data instanceof Uint8Array && data.every((v) => v === 0 || v === 255);
}

/** The values themselves where they are 0 and 1 already. */
function zeroOrOne(data: LabelMap["data"], ignoreLabel: number | undefined): Uint8Array {
  if (data instanceof Uint8Array && data.every((v) => v <= 1)) return data;
  return Uint8Array.from(data, (v) => (v !== 0 && v !== ignoreLabel ? 1 : 0));
}
