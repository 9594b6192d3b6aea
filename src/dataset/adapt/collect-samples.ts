/** The samples of a data set. */
import { createHash } from "node:crypto";
import { DeviceError, ModelError } from "../../core/errors.ts";
import type { DatasetPlan, PhotoWork } from "../plan/dataset-plan.ts";
import { AnnotationSources } from "../run/annotation-sources.ts";
import type { FailureRecord } from "../run/journal/records.ts";
import { messageOf } from "../run/open-work.ts";
import type { AdaptOptions, AdaptProgress, ResolvedAdaption } from "./adapt-options.ts";
import type { PhotoSamples } from "./photo-samples.ts";
import { type AdaptEngine, samplePhoto } from "./sample-photo.ts";
import type { SampleStore } from "./sample-store.ts";

/** What was collected. */
export interface CollectedSamples {
  /** Photos with samples, in the seed's order. */
  readonly photos: readonly PhotoSamples[];
  /** Regions that the samples are of. */
  readonly regions: number;
  /** Photos and files that could not be used. */
  readonly failures: readonly FailureRecord[];
}

/** What collecting needs. */
export interface CollectPlace {
  readonly resolved: ResolvedAdaption;
  readonly store: SampleStore;
  readonly pixelLimit: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: AdaptOptions["onProgress"];
}

/**
 * Decodes the regions of photos in an order that the seed decides, until there are as many as wanted. What cannot be used is
 * told and left out.
 *
 * @throws the signal's reason when aborted; what was decoded is kept in the store
 */
export async function collectSamples(
  engine: AdaptEngine,
  plan: DatasetPlan,
  place: CollectPlace,
): Promise<CollectedSamples> {
  const { resolved, store, signal } = place;
  const photos: PhotoSamples[] = [];
  const failures = plan.refused.map(({ relative, error }) => ({ path: relative, message: error.message }));
  const counts = { photosDone: 0, regionsDone: 0 };
  const tell = (key: string): void => place.onProgress?.(progressOf(key, counts, plan, resolved));
  const onRefused = (path: string, { message }: Error): void => void failures.push({ path, message });
  const reading = { ...resolved, ...place, sources: new AnnotationSources() };
  for (const work of inOrder(plan.works, resolved.training.seed)) {
    signal?.throwIfAborted();
    tell(work.key);
    const before = counts.regionsDone;
    const onRegion = (): void => {
      counts.regionsDone++;
      tell(work.key);
    };
    try {
      const found = await samplePhoto(engine, work, { ...reading, onRegion, onRefused });
      counts.regionsDone = before + regionsOf(found);
      if (found.samples.length > 0) photos.push(found);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof ModelError || error instanceof DeviceError) throw error;
      counts.regionsDone = before;
      failures.push({ path: work.key, message: messageOf(error) });
    }
    counts.photosDone++;
    if (counts.regionsDone >= resolved.regions) break;
  }
  await store.shrink();
  return { photos, regions: counts.regionsDone, failures };
}

function regionsOf({ samples }: PhotoSamples): number {
  return new Set(samples.map(({ region: { file, id } }) => JSON.stringify([file, id]))).size;
}

function progressOf(
  key: string,
  counts: Pick<AdaptProgress, "photosDone" | "regionsDone">,
  { works }: DatasetPlan,
  { regions }: ResolvedAdaption,
): AdaptProgress {
  return { stage: "decode", key, ...counts, photosTotal: works.length, regionsLimit: regions };
}

/** An order that depends on nothing but the seed and the photos' names. */
function inOrder(works: readonly PhotoWork[], seed: number): PhotoWork[] {
  const ranked = works.map((work) => ({ work, rank: seededHash(seed, work.key) }));
  return ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ work }) => work);
}

/** A text of the same length for every name, in another order for every seed. */
export function seededHash(seed: number, name: string): string {
  return createHash("sha256").update(`${seed}\n${name}`).digest("hex");
}
