/** IoU adaption on a data set's own coarse masks (section 4 of docs/method.md's method, SAMRefiner++). */
import { basename } from "node:path";
import { bestToken } from "../../core/adaption/adaption-sample.ts";
import { trainAdaptor } from "../../core/adaption/train-adaptor.ts";
import { InputError } from "../../core/errors.ts";
import type { DatasetPlan } from "../plan/dataset-plan.ts";
import { type AdaptOptions, resolveAdapt } from "./adapt-options.ts";
import type { AdaptionReport } from "./adaption-report.ts";
import { writeAdaptor } from "./adaptor-file.ts";
import { collectSamples } from "./collect-samples.ts";
import { compareChoices } from "./compare-choices.ts";
import type { PhotoSamples } from "./photo-samples.ts";
import type { AdaptEngine } from "./sample-photo.ts";
import { SampleStore } from "./sample-store.ts";
import { splitPhotos } from "./split-photos.ts";

/** A trained adaptor as the bytes of its file, and how well it does. */
export interface AdaptedDataset {
  readonly bytes: Uint8Array;
  readonly report: AdaptionReport;
}

/**
 * Trains an adaptor: regions are decoded under single prompt types, photos are split, the adaptor is trained on the one part
 * and judged on the other.
 *
 * @param sampleFolder where decodes are kept for the next time; `undefined` for nowhere
 * @throws {InputError} when too little of the data set can be used
 * @throws {OptionError} for options that are none
 * @throws the signal's reason when aborted
 */
export async function adaptDataset(
  engine: AdaptEngine,
  plan: DatasetPlan,
  options: AdaptOptions,
  pixelLimit: number,
  sampleFolder: string | undefined,
): Promise<AdaptedDataset> {
  const resolved = resolveAdapt(options);
  const { signal, onProgress } = options;
  const store = new SampleStore(sampleFolder);
  const collected = await collectSamples(engine, plan, { resolved, store, pixelLimit, signal, onProgress });
  const { photos, regions, failures } = collected;
  const { training } = resolved;
  const { train, heldOut } = splitPhotos(photos, resolved.heldOut, training.seed, plan.root);
  const counts = { photosTotal: plan.works.length, regionsLimit: resolved.regions };
  onProgress?.({ stage: "train", photosDone: photos.length, regionsDone: regions, ...counts });
  const samples = { train: samplesOf(train), heldOut: samplesOf(heldOut) };
  const ranked = samples.train.filter((sample) => bestToken(sample) !== undefined);
  if (ranked.length === 0)
    throw new InputError(`${plan.root} has no decode that ranks its masks: expected other coarse masks`);
  const { adaptor, losses } = trainAdaptor(ranked, training);
  const compared = compareChoices(heldOut, adaptor, resolved);
  const report: AdaptionReport = {
    photos: { train: train.length, heldOut: heldOut.length },
    regions,
    samples: {
      train: samples.train.length,
      heldOut: samples.heldOut.length,
      unranked: samples.train.length - ranked.length,
    },
    ...{ training, losses, ...compared, failures },
  };
  const dataset = basename(plan.root);
  const bytes = writeAdaptor(adaptor, {
    name: options.name ?? dataset,
    model: { name: engine.model.manifest.name, sha256: engine.model.sha256 },
    dataset: { name: dataset, photos: photos.length, samples: samples.train.length },
    training,
    before: compared.before,
    after: compared.after,
    recommended: compared.recommendation.use,
  });
  return { bytes, report };
}

function samplesOf(photos: readonly PhotoSamples[]): PhotoSamples["samples"][number][] {
  return photos.flatMap(({ samples }) => samples);
}
