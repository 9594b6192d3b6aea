/** A job's photo, refined on this machine as a run in one process would. */
import type { IoUAdaptor } from "../../core/adaption/iou-adaptor.ts";
import type { PhotoWork } from "../../dataset/plan/dataset-plan.ts";
import type { AnnotationSources } from "../../dataset/run/annotation-sources.ts";
import type { OpenWork } from "../../dataset/run/open-work.ts";
import { type EarlierPhotos, readWork } from "../../dataset/run/read-works.ts";
import { type RunEngine, refinePieces } from "../../dataset/run/refine-pieces.ts";
import type { Workload } from "../../engine/schedule.ts";
import type { PhotoJob } from "../job.ts";

/** What a job is done with. */
export interface JobTools {
  readonly engine: RunEngine;
  readonly adaptor: IoUAdaptor | undefined;
  readonly sources: AnnotationSources;
  readonly workload: Workload;
}

/**
 * Refines a photo. What cannot be used of its files is noted, as in any run.
 *
 * @throws {ModelError} or {DeviceError} when the engine fails; the signal's reason when aborted
 */
export async function refineJob(
  job: PhotoJob,
  work: PhotoWork,
  { engine, adaptor, sources, workload }: JobTools,
  signal: AbortSignal,
): Promise<OpenWork> {
  await forgetChanged(job, work, sources);
  const { settings, mode, reading } = job.method;
  const place = {
    run: { settings, mode, reading, adaptor },
    session: job.session,
    state: earlierOf(job),
    // What lies there is put right by the run itself before it sends the job.
    destination: { revert: async () => undefined },
    ...{ sources, signal, pixelLimit: job.pixelLimit },
  };
  const nothing = { onEncode: () => undefined, onRegion: () => undefined };
  for await (const step of readWork(work, place)) {
    if (step.kind === "finish") return step.open;
    try {
      await refinePieces(engine, step.open, step.pieces, nothing, signal, workload);
    } catch (error) {
      step.open.fail(job.key, error, signal);
    }
  }
  throw new Error(`${job.key} was read without an end`);
}

/** A worker lives longer than a run: an annotation file may have been changed since it was read. */
async function forgetChanged(
  { targets }: PhotoJob,
  work: PhotoWork,
  sources: AnnotationSources,
): Promise<void> {
  for (const [i, { kind, file }] of targets.entries()) {
    const target = work.targets[i]!;
    if (kind !== "annotations" || file.sha256 === undefined || target.kind !== "annotations") continue;
    const { path, format } = target;
    const found = await sources.get(path, { format }).catch(() => undefined);
    if (found?.sha256 !== file.sha256) sources.drop(path);
  }
}

function earlierOf({ key, earlier }: PhotoJob): EarlierPhotos {
  return {
    photos: { get: (asked) => (asked === key ? earlier : undefined) },
    rejected: (_, target) => new Set(earlier?.rejected[target]),
  };
}
