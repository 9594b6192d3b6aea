/** The samples of one photo: from the store where everything is as it was, else from decodes. */
import { createHash } from "node:crypto";
import { InputError } from "../../core/errors.ts";
import { randomIndex, seededRandom } from "../../core/simulate/seeded-random.ts";
import type { Engine } from "../../engine/engine.ts";
import { readPhotoHeader } from "../../engine/photo.ts";
import { decodeSource } from "../load-photo.ts";
import type { PhotoWork, Target } from "../plan/dataset-plan.ts";
import { readSource, type Source } from "../read-source.ts";
import { hashOf } from "../run/content.ts";
import { maskOfStretches } from "../session/stretches.ts";
import type { PhotoSample, PhotoSamples } from "./photo-samples.ts";
import { type CoarseRegion, type OpenTarget, openTarget, type RegionReading } from "./read-regions.ts";
import { sampleRegion } from "./sample-region.ts";
import type { SampleStore } from "./sample-store.ts";

/** What adaption needs of an engine. */
export type AdaptEngine = Pick<Engine, "encode" | "decode" | "model" | "device">;

/** Where samples are made and kept. */
export interface SamplePlace extends RegionReading {
  readonly store: SampleStore;
  /** Called after each region that is decoded. */
  readonly onRegion: () => void;
  /** Takes a file that cannot be used; the photo's others are sampled. */
  readonly onRefused: (path: string, error: InputError) => void;
}

/** Changes with the way samples are made. */
const VERSION = 1;
/** More regions of one photo would outweigh those of others; they fail together. */
const MOST_REGIONS = 32;

/**
 * Samples a photo.
 *
 * @throws {InputError} when the photo cannot be used
 * @throws the signal's reason, checked before every decode
 */
export async function samplePhoto(
  engine: AdaptEngine,
  work: PhotoWork,
  place: SamplePlace,
): Promise<PhotoSamples> {
  const source = await readSource(work.photo, "photo", place.signal);
  const photo = hashOf(source.bytes);
  let whole = true;
  const orRefuse = async <T>(path: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      whole = false;
      place.onRefused(path, error);
      return undefined;
    }
  };
  const targets: OpenFile[] = [];
  for (const target of work.targets) {
    const open = await orRefuse(target.relative, () => openTarget(target, place));
    if (open !== undefined) targets.push({ target, open });
  }
  const name = sampleName(engine, photo, targets, place);
  const kept = await place.store.get(name);
  if (kept !== undefined) return { key: work.key, photo, samples: kept };
  const { bytes } = source;
  const canvas = { header: await readPhotoHeader(bytes, source.name, place.pixelLimit), name: source.name };
  const regions: CoarseRegion[] = [];
  for (const { target, open } of targets)
    regions.push(...((await orRefuse(target.relative, () => open.regions(canvas))) ?? []));
  const samples = await decodeRegions(engine, source, someOf(regions), place);
  // What was refused is to be told again the next time.
  if (whole) await place.store.put(name, samples);
  return { key: work.key, photo, samples };
}

interface OpenFile {
  readonly target: Target;
  readonly open: OpenTarget;
}

/** All that samples depend on. */
function sampleName(
  { model, device }: AdaptEngine,
  photo: string,
  targets: readonly OpenFile[],
  { reading, mode, settings }: SamplePlace,
): string {
  const files = targets.map(({ target, open }) => [
    ...[target.relative, open.sha256],
    target.kind === "annotations" ? target.photoId : [target.mode, target.reading],
  ]);
  // How a choice is made from scores is no part of them.
  const { selection: _, agreement: __, ...made } = settings;
  const all = [VERSION, model.sha256, device, photo, files, reading, mode, made];
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}

async function decodeRegions(
  engine: AdaptEngine,
  source: Source,
  regions: readonly CoarseRegion[],
  place: SamplePlace,
): Promise<PhotoSample[]> {
  if (regions.length === 0) return [];
  const { photo, identity } = await decodeSource(source);
  place.signal?.throwIfAborted();
  const { embedding } = await engine.encode(photo, identity);
  const samples: PhotoSample[] = [];
  for (const { coarse, ...region } of regions) {
    const mask = maskOfStretches(coarse, photo);
    const decodes = await sampleRegion(engine, { photo, embedding }, mask, place.settings, place.signal);
    samples.push(...decodes.map((decode) => ({ ...decode, region })));
    place.onRegion();
  }
  return samples;
}

/** The same ones every time, in the files' order. */
function someOf(regions: readonly CoarseRegion[]): CoarseRegion[] {
  const random = seededRandom(regions.length);
  const left = regions.map((_, i) => i);
  while (left.length > MOST_REGIONS) left.splice(randomIndex(random, left.length), 1);
  return left.map((i) => regions[i]!);
}
