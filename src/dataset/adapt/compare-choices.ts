/** Choices with and without an adaptor, on held-out photos. */
import { type ChoiceFigures, choiceFigures, chosenToken } from "../../core/adaption/choice-figures.ts";
import type { IoUAdaptor } from "../../core/adaption/iou-adaptor.ts";
import { recommendAdaptor } from "../../core/adaption/recommend-adaptor.ts";
import type { SelectionSettings } from "../../core/selection.ts";
import type { ResolvedAdaption } from "./adapt-options.ts";
import type { AdaptionReport, ChangedChoice, ComparedPolicy } from "./adaption-report.ts";
import type { PhotoSample, PhotoSamples } from "./photo-samples.ts";

const POLICIES: readonly ComparedPolicy[] = ["predicted-iou", "adapted", "stability", "combined"];

/** The part of a report that choices decide. */
export function compareChoices(
  photos: readonly PhotoSamples[],
  adaptor: IoUAdaptor,
  { before, after, examples }: Pick<ResolvedAdaption, "before" | "after" | "examples">,
): Pick<AdaptionReport, "before" | "after" | "policies" | "recommendation" | "changed" | "examples"> {
  const samples = photos.flatMap((photo) => photo.samples);
  const figures = {
    before: choiceFigures(samples, before),
    after: choiceFigures(samples, after, adaptor),
  };
  const gains = photos.map(
    (photo) =>
      choiceFigures(photo.samples, after, adaptor).coarseIoU - choiceFigures(photo.samples, before).coarseIoU,
  );
  const changed = photos
    .flatMap((photo) =>
      photo.samples.map((sample) => changedChoice(photo.key, sample, adaptor, before, after)),
    )
    .filter((change) => change !== undefined)
    .sort((a, b) => Math.abs(gainOf(b)) - Math.abs(gainOf(a)));
  return {
    before: { ...figures.before, ...steering(before) },
    after: { ...figures.after, ...steering(after) },
    policies: policyFigures(samples, adaptor),
    recommendation: recommendAdaptor({
      gains,
      top1Before: figures.before.top1,
      top1After: figures.after.top1,
    }),
    changed: {
      total: changed.length,
      better: changed.filter((change) => gainOf(change) > 0).length,
      worse: changed.filter((change) => gainOf(change) < 0).length,
    },
    examples: changed.slice(0, examples),
  };
}

function steering({ selection, agreement }: SelectionSettings): SelectionSettings {
  return { selection, agreement };
}

function policyFigures(
  samples: readonly PhotoSample[],
  adaptor: IoUAdaptor,
): Readonly<Record<ComparedPolicy, ChoiceFigures>> {
  const entries = POLICIES.map((selection) => [
    selection,
    choiceFigures(samples, { selection, agreement: 0 }, adaptor),
  ]);
  return Object.fromEntries(entries) as Record<ComparedPolicy, ChoiceFigures>;
}

function changedChoice(
  photo: string,
  sample: PhotoSample,
  adaptor: IoUAdaptor,
  before: SelectionSettings,
  after: SelectionSettings,
): ChangedChoice | undefined {
  const [then, now] = [chosenToken(sample, before), chosenToken(sample, after, adaptor)];
  if (then === now) return undefined;
  const { region, prompt, coarseIoU } = sample;
  const choice = (token: number) => ({ token, coarseIoU: coarseIoU[token]! });
  return { photo, region, prompt, before: choice(then), after: choice(now) };
}

function gainOf({ before, after }: ChangedChoice): number {
  return after.coarseIoU - before.coarseIoU;
}
