import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { AdaptionView, EngineRequests } from "../../../protocol/engine.ts";
import { type AdaptionResult, type AdaptModelOptions, InputError, type PhotoWork } from "../../../sdk/mod.ts";
import type { LazyModel } from "../lazy-model.ts";
import { methodOptions } from "../method-options.ts";
import { planSources } from "../plan.ts";
import { readingOf } from "../reading-of.ts";
import type { RequestContext } from "../request-context.ts";

/**
 * Answers `adapt/start`: trains an adaptor and writes its file.
 *
 * @throws {InputError} when the source is missing, or has too little to learn from
 * @throws {OutputError} when the file cannot be written
 */
export async function adapt(
  choice: EngineRequests["adapt/start"][0],
  model: LazyModel,
  { signal, progress }: RequestContext,
): Promise<AdaptionView> {
  progress({ stage: "read", done: 0, total: 0 });
  const plan = await planSources(choice, undefined, signal);
  if (plan.works.length === 0)
    throw (
      plan.refused[0]?.error ??
      new InputError(`${choice.sources.join(", ")} has no mask that could be learned from`)
    );
  const refiner = await model.open(progress);
  const { adaptor: _, ...method } = methodOptions(choice.method);
  const onProgress: AdaptModelOptions["onProgress"] = ({ stage, photosDone, photosTotal }) =>
    progress({ stage: stage === "train" ? "train" : "refine", done: photosDone, total: photosTotal });
  const result = await refiner.adapt(plan, {
    ...{ name: choice.name, ...method, signal, onProgress },
    ...readingOf(choice),
  });
  await mkdir(dirname(choice.file), { recursive: true });
  const file = await result.save(choice.file, { overwrite: true });
  return { file, ...viewOf(result, plan.root, plan.works) };
}

function viewOf(
  result: AdaptionResult,
  root: string,
  works: readonly PhotoWork[],
): Omit<AdaptionView, "file"> {
  const { photos, regions, before, after, recommendation, changed, examples, failures } = result;
  const paths = new Map(works.map(({ key, photo }) => [key, photo]));
  return {
    ...{ photos, regions, changed },
    top1: { before: before.top1, after: after.top1 },
    coarseIoU: { before: before.coarseIoU, after: after.coarseIoU },
    recommended: recommendation.use,
    reason: recommendation.reason,
    examples: examples.map(({ photo, region, prompt, before, after }) => ({
      photo: paths.get(photo) ?? resolve(root, photo),
      mask: resolve(root, region.file),
      ...{ label: region.label, region: region.id, prompt },
      before: before.coarseIoU,
      after: after.coarseIoU,
    })),
    failures: failures.map(({ path, message }) => ({ path, message })),
  };
}
