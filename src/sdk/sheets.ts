/** Sheets of a result as PNG. */
import type { Photo } from "../core/lab.ts";
import type { LabelMap } from "../core/mask.ts";
import type { Region } from "../engine/refine-photo.ts";
import { comparisonSheet, explainSheet, type Picture, photoPicture } from "../render/mod.ts";

/** What a sheet shows. */
export interface SheetInput {
  readonly photo: Photo;
  readonly coarse: LabelMap;
  readonly refined: LabelMap;
  readonly title: string;
}

/** Longest side of a picture in notebooks, which keep what they show in their file. */
export const NOTEBOOK_PANEL = 420;

/** Photo, coarse, refined and difference side by side. */
export function comparePNG(
  input: SheetInput,
  caption: readonly string[],
  truth?: LabelMap,
  panelWidth?: number,
): Promise<Uint8Array> {
  const sheet = comparisonSheet({
    ...input,
    photo: photoPicture(input.photo),
    caption,
    ...(panelWidth === undefined ? {} : { panelWidth }),
    ...(truth === undefined ? {} : { groundTruth: truth }),
  });
  return encode(sheet);
}

/** Prompts, candidates and decisions, region by region. */
export function explainPNG(input: SheetInput, regions: readonly Region[]): Promise<Uint8Array> {
  return encode(explainSheet({ ...input, photo: photoPicture(input.photo), regions }));
}

async function encode({ width, height, data }: Picture): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  const raw = { width, height, channels: 4 as const };
  return sharp(Buffer.from(data.buffer, data.byteOffset, data.byteLength), { raw })
    .removeAlpha()
    .png({ compressionLevel: 8 })
    .toBuffer();
}
