/** The coarse regions of a photo's files. */
import { InputError } from "../../core/errors.ts";
import type { Box } from "../../core/mask.ts";
import type { MaskMode, MethodSettings } from "../../core/settings.ts";
import { type MaskReading, maskOf } from "../load-mask.ts";
import { fitMask } from "../load-photo.ts";
import type { AnnotationTarget, LabelTarget, Target } from "../plan/dataset-plan.ts";
import { readSource, type Source } from "../read-source.ts";
import type { AnnotationSource, AnnotationSources } from "../run/annotation-sources.ts";
import { hashOf } from "../run/content.ts";
import type { Canvas } from "../run/open-work.ts";
import { layOf } from "../run/read-works.ts";
import { labelRegions, readRegion } from "../session/read-session-files.ts";
import type { ReadRegion } from "../session/session-file.ts";
import type { Stretches } from "../session/stretches.ts";

/** How files are read. */
export interface RegionReading {
  readonly reading: MaskReading;
  readonly mode: MaskMode | "auto";
  /** Say how label maps are split. */
  readonly settings: MethodSettings;
  readonly pixelLimit: number;
  readonly sources: AnnotationSources;
  readonly signal: AbortSignal | undefined;
}

/** A region as its file has it. */
export interface CoarseRegion {
  readonly file: string;
  readonly id: string;
  readonly label: string;
  readonly box: Box;
  readonly coarse: Stretches;
}

/** A file whose regions are not taken out yet. */
export interface OpenTarget {
  readonly sha256: string;
  /** @throws {InputError} when it does not fit its photo */
  regions(canvas: Canvas): Promise<CoarseRegion[]>;
}

/**
 * Reads a file.
 *
 * @throws {InputError} when it cannot be used
 */
export async function openTarget(target: Target, reading: RegionReading): Promise<OpenTarget> {
  if (target.kind === "labels") {
    const source = await readSource(target.path, "mask", reading.signal);
    const sha256 = hashOf(source.bytes);
    return { sha256, regions: (canvas) => labelledRegions(target, source, canvas, reading) };
  }
  const source = await reading.sources.get(target.path, { format: target.format });
  return {
    sha256: source.sha256,
    regions: async (canvas) => annotatedRegions(target, source, canvas),
  };
}

async function labelledRegions(
  { relative, mode: known, reading: layout }: LabelTarget,
  source: Source,
  { header, name }: Canvas,
  { reading, mode: wanted, settings, pixelLimit }: RegionReading,
): Promise<CoarseRegion[]> {
  // What the user said goes before what the layout says.
  const given = Object.entries(reading).filter(([, value]) => value !== undefined);
  const all: MaskReading = { ...layout, ...Object.fromEntries(given) };
  const mask = fitMask(await maskOf(source, all, pixelLimit), header, name);
  const found: MaskMode = known ?? (mask.encoding === "labels" ? "semantic" : "instance");
  const mode = wanted === "auto" ? found : wanted;
  return coarseOnes(relative, labelRegions(mask, mode, settings, noColour).regions);
}

function annotatedRegions(
  { path, relative, photoId }: AnnotationTarget,
  { file, photos }: AnnotationSource,
  canvas: Canvas,
): CoarseRegion[] {
  const photo = photos.get(photoId);
  if (photo === undefined) throw new InputError(`${path} no longer has the photo ${photoId}`);
  const { size, turn } = layOf(photo, canvas, file.name);
  const lay = { size, turn, displayed: canvas.header.displayed };
  return coarseOnes(
    relative,
    photo.regions.map((region) => readRegion(region, lay, noColour())),
  );
}

/** Those that would be refined. */
function coarseOnes(file: string, regions: readonly ReadRegion[]): CoarseRegion[] {
  return regions
    .filter(({ fixed, coarse }) => fixed === undefined && coarse.length > 0)
    .map(({ name, label, box, coarse }) => ({ file, id: name, label, box, coarse }));
}

/** Nobody looks at these regions. */
function noColour(): string {
  return "";
}
