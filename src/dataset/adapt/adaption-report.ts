/** What came of an adaption. */
import type { AdaptionSettings } from "../../core/adaption/adaption-settings.ts";
import type { ChoiceFigures } from "../../core/adaption/choice-figures.ts";
import type { Recommendation } from "../../core/adaption/recommend-adaptor.ts";
import type { SelectionSettings } from "../../core/selection.ts";
import type { FailureRecord } from "../run/journal/records.ts";
import type { PromptType, SampledRegion } from "./photo-samples.ts";

/** Policies of choice that are compared. */
export type ComparedPolicy = Exclude<SelectionSettings["selection"], "coarse-iou">;

/** A decode for which the adaptor changes the choice. */
export interface ChangedChoice {
  /** {@link PhotoWork.key} of the photo. */
  readonly photo: string;
  /** The region and the file of its coarse mask. */
  readonly region: SampledRegion;
  /** The only prompt type of the decode. */
  readonly prompt: PromptType;
  /** The token that is chosen without the adaptor, and how far its mask agrees with the coarse one. */
  readonly before: { readonly token: number; readonly coarseIoU: number };
  /** And with it. */
  readonly after: { readonly token: number; readonly coarseIoU: number };
}

/** How well an adaptor does on photos that it was not trained on. */
export interface AdaptionReport {
  /** Photos that it was trained on, and those that the figures come from. */
  readonly photos: { readonly train: number; readonly heldOut: number };
  /** Regions on all of them. */
  readonly regions: number;
  /** Decodes; `unranked` ones have no mask that is better than another, and teach nothing. */
  readonly samples: { readonly train: number; readonly heldOut: number; readonly unranked: number };
  /** The training, as it was done. */
  readonly training: AdaptionSettings;
  /** Mean loss of each step's batch. */
  readonly losses: readonly number[];
  /** The choice as the settings make it without the adaptor. */
  readonly before: ChoiceFigures & SelectionSettings;
  /** And with it. */
  readonly after: ChoiceFigures & SelectionSettings;
  /** Each policy by itself, without the weight of agreement. */
  readonly policies: Readonly<Record<ComparedPolicy, ChoiceFigures>>;
  /** Whether it should be used, and why. */
  readonly recommendation: Recommendation;
  /** Decodes whose choice changed, and to a mask that agrees more, or less, with the coarse one. */
  readonly changed: { readonly total: number; readonly better: number; readonly worse: number };
  /** Those that changed most. */
  readonly examples: readonly ChangedChoice[];
  /** Photos and files that could not be used. */
  readonly failures: readonly FailureRecord[];
}
