/** Reading the files that lie on one photo. */
import { readFile } from "node:fs/promises";
import { InputError } from "../../core/errors.ts";
import type { MaskMode, MethodSettings } from "../../core/settings.ts";
import { partsOfLabels } from "../../engine/refine-labels.ts";
import { whyNoRegions } from "../../engine/refine-photo.ts";
import type { AnnotatedRegion, Size } from "../../formats/annotations/annotation-file.ts";
import { detectAnnotations } from "../../formats/annotations/registry.ts";
import { type LoadedMask, type MaskReading, maskOf, type Turn } from "../load-mask.ts";
import { fitMask } from "../load-photo.ts";
import type { AnnotationTarget, LabelTarget, Target } from "../plan/dataset-plan.ts";
import { readSource } from "../read-source.ts";
import { hashOf, hashOfFile } from "../run/content.ts";
import { type Canvas, messageOf } from "../run/open-work.ts";
import { layOf } from "../run/read-works.ts";
import { annotationColours, maskColours } from "./region-colours.ts";
import type { AnnotatedFile, LabelFile, ReadRegion, SessionFile } from "./session-file.ts";
import { boxOf, stretchesOf } from "./stretches.ts";
import { annotationFormatWords, maskFormatWords } from "./words-of-format.ts";

/** How files are read. */
export interface FileReading {
  readonly canvas: Canvas;
  readonly reading: MaskReading;
  readonly mode: MaskMode | "auto";
  /** Say how label maps are split. */
  readonly settings: MethodSettings;
  readonly pixelLimit: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads every file of a photo; one that cannot be used is told in the notes of the first that can.
 *
 * @throws {InputError} when none can be used
 */
export async function readSessionFiles(
  targets: readonly Target[],
  reading: FileReading,
): Promise<SessionFile[]> {
  const files: SessionFile[] = [];
  const refused: InputError[] = [];
  for (const target of targets) {
    reading.signal?.throwIfAborted();
    try {
      files.push(await readSessionFile(target, reading));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refused.push(error);
    }
  }
  const [first, ...others] = files;
  if (first === undefined) throw refused[0]!;
  const notes = [...first.view.notes, ...refused.map(({ message }) => message)];
  return [{ ...first, view: { ...first.view, notes } }, ...others];
}

function readSessionFile(target: Target, reading: FileReading): Promise<SessionFile> {
  return target.kind === "labels" ? readLabelFile(target, reading) : readAnnotatedFile(target, reading);
}

async function readLabelFile(
  target: LabelTarget,
  { canvas, reading, mode: wanted, settings, pixelLimit, signal }: FileReading,
): Promise<LabelFile> {
  const source = await readSource(target.path, "mask", signal);
  const given = Object.entries(reading).filter(([, value]) => value !== undefined);
  const known: MaskReading = { ...target.reading, ...Object.fromEntries(given) };
  const loaded = await maskOf(source, known, pixelLimit);
  const mask = fitMask(loaded, canvas.header, canvas.name);
  const mode = wanted === "auto" ? (target.mode ?? modeOf(mask)) : wanted;
  const siblings: string[] = [];
  for (const { path } of target.siblings) siblings.push((await hashOfFile(path)) ?? "");
  const { ignoreLabel, notes, map } = mask;
  return {
    ...{ kind: "labels", path: target.path, bytes: source.bytes, sha256: hashOf(source.bytes) },
    ...{ target, mode, mask, map, siblings },
    view: {
      path: target.path,
      format: maskFormatWords(source.bytes),
      mode,
      ...(ignoreLabel === undefined ? {} : { ignoreLabel }),
      notes,
    },
    ...labelRegions(mask, mode, settings, maskColours(source.bytes, known.colours, ignoreLabel)),
  };
}

function modeOf({ encoding }: LoadedMask): MaskMode {
  return encoding === "labels" ? "semantic" : "instance";
}

/** The regions of a mask file. */
export function labelRegions(
  { map, ignoreLabel }: LoadedMask,
  mode: MaskMode,
  settings: MethodSettings,
  colourOf: (value: number) => string,
): Pick<LabelFile, "regions" | "rest"> {
  const regions: ReadRegion[] = [];
  const rest: LabelFile["rest"][number][] = [];
  for (const parts of partsOfLabels(map, mode, settings, ignoreLabel)) {
    for (const [i, { label, mask, box }] of parts.tasks.entries()) {
      const name = parts.tasks.length === 1 ? String(label) : `${label}/${i + 1}`;
      const coarse = stretchesOf(mask, box);
      regions.push({ name, label: String(label), colour: colourOf(label), value: label, box, coarse });
    }
    if (parts.rest === undefined) continue;
    const { label, mask, box } = parts.rest;
    rest.push({ value: label, claim: { stretches: stretchesOf(mask, box), box } });
  }
  if (regions.length > 0) return { regions, rest };
  const reason = whyNoRegions(rest.length);
  const name = "0";
  const none = { name, label: name, colour: colourOf(0), value: 0, box: wholeOf(map) };
  return {
    regions: [{ ...none, coarse: new Uint32Array(), fixed: { verdict: "unchanged", reason } }],
    rest,
  };
}

function wholeOf({ width, height }: Size): ReadRegion["box"] {
  return [0, 0, width - 1, height - 1];
}

async function readAnnotatedFile(
  target: AnnotationTarget,
  { canvas, signal }: FileReading,
): Promise<AnnotatedFile> {
  const { path, photoId } = target;
  const bytes = await readFile(path, { signal }).catch((cause: Error) => {
    signal?.throwIfAborted();
    throw new InputError(`${path} cannot be read (${cause.message}): expected an annotation file`, { cause });
  });
  const format = detectAnnotations(path, bytes);
  if (format === undefined)
    throw new InputError(`${path} is of no known annotation format: expected an annotation file`);
  const file = format.read(path, bytes);
  const photo = file.photos.find(({ id }) => id === photoId);
  if (photo === undefined) throw new InputError(`${path} no longer has the photo ${photoId}`);
  const { size, turn } = layOf(photo, canvas, file.name);
  const colourOf = annotationColours(file);
  const regions = photo.regions.map((region) =>
    readRegion(region, { size, turn, displayed: canvas.header.displayed }, colourOf(region.label)),
  );
  return {
    ...{ kind: "annotations", path, bytes, sha256: hashOf(bytes), target, file, turn, regions },
    mode: "instance",
    view: { path, format: annotationFormatWords(file.format), mode: "instance", notes: file.notes },
  };
}

/** How annotations lie on a photo. */
export interface Lay {
  readonly size: Size;
  readonly turn: Turn | undefined;
  readonly displayed: Size;
}

/** A region that cannot be read is told as such; the others stay open. */
export function readRegion(
  region: AnnotatedRegion,
  { size, turn, displayed }: Lay,
  colour: string,
): ReadRegion {
  const { id, label, skip } = region;
  const known = { name: id, label, colour, value: 1 };
  try {
    const lying = region.mask(size);
    const { width, height, data } = turn?.upright(lying) ?? lying;
    const coarse = stretchesOf({ width, height, data: data as Uint8Array });
    const fixed = skip === undefined ? undefined : ({ verdict: "unchanged", reason: skip } as const);
    return {
      ...known,
      coarse,
      box: boxOf(coarse, width) ?? wholeOf(displayed),
      ...(fixed === undefined ? {} : { fixed }),
    };
  } catch (error) {
    const fixed =
      skip === undefined
        ? ({ verdict: "failed", reason: messageOf(error) } as const)
        : ({ verdict: "unchanged", reason: skip } as const);
    return { ...known, coarse: new Uint32Array(), box: wholeOf(displayed), fixed };
  }
}
