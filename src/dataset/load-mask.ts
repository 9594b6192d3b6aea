/** Masks from files, bytes or raw values. */
import { InputError } from "../core/errors.ts";
import type { LabelMap } from "../core/mask.ts";
import { encodeBinaryPNG, encodeLabelPNG, readMaskFile } from "../formats/mod.ts";
import type { MaskInput } from "./inputs.ts";
import { checkRaw, isRaw, readSource } from "./read-source.ts";

/** A mask as the refiner takes it, and the way back to its file. */
export interface LoadedMask {
  readonly name: string;
  /** Values on the photo as displayed. */
  readonly map: LabelMap;
  readonly encoding: "binary" | "labels";
  readonly ignoreLabel: number | undefined;
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

/**
 * Reads a mask.
 *
 * @param ignoreLabel as in {@link RefineOptions.ignoreLabel}
 * @throws {InputError} when it is no mask, or raw values do not fit their size
 */
export async function loadMask(
  input: MaskInput,
  ignoreLabel: number | null | undefined,
  pixelLimit: number,
  signal?: AbortSignal,
): Promise<LoadedMask> {
  if (isRaw(input)) return rawMask(input, ignoreLabel);
  const { name, bytes } = await readSource(input, "mask", signal);
  const file = await readMaskFile(bytes, { name, pixelLimit, ignoreLabel });
  const { width, height, values, encoding, notes } = file;
  return {
    name,
    map: { width, height, data: values },
    encoding,
    ignoreLabel: file.ignoreLabel,
    notes,
    write: (changed) => file.write(changed),
  };
}

function rawMask(input: LabelMap, ignoreLabel: number | null | undefined): LoadedMask {
  const { width, height, data } = input;
  checkRaw(input, "mask", [Uint8Array, Uint16Array]);
  if (data.length !== width * height) {
    throw new InputError(
      `The mask has ${data.length} values: expected ${width * height} for ${width}×${height} pixels`,
    );
  }
  // 0 and 255 is how most libraries hold a binary mask; as a label map it would be nothing but void.
  const fullScale =
    data instanceof Uint8Array && data.includes(255) && data.every((v) => v === 0 || v === 255);
  const binary = fullScale || data.every((v) => v <= 1);
  return {
    name: "mask",
    map: fullScale ? { width, height, data: data.map((v) => v & 1) } : input,
    encoding: binary ? "binary" : "labels",
    ignoreLabel:
      ignoreLabel ?? (binary || ignoreLabel === null || data instanceof Uint16Array ? undefined : 255),
    notes: [],
    write: (changed) =>
      binary
        ? encodeBinaryPNG({ width, height, data: Uint8Array.from(changed) })
        : encodeLabelPNG({ width, height, data: changed }),
  };
}
