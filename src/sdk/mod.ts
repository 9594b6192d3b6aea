/**
 * SAMRefiner: coarse segmentation masks made precise with the Segment Anything Model.
 *
 * @example
 * ```ts
 * import { refine } from "samrefiner";
 * const { masks } = await refine("examples/sample/photo.jpg", "examples/sample/mug_coarse.png");
 * const png = masks[0]!.toPNG();
 * console.log(png.length > 0); // true
 * ```
 * @module
 */

export {
  type AdaptionSettings,
  publishedAdaption,
} from "../core/adaption/adaption-settings.ts";
export type { ChoiceFigures } from "../core/adaption/choice-figures.ts";
export type { IoUAdaptor } from "../core/adaption/iou-adaptor.ts";
export type { Recommendation } from "../core/adaption/recommend-adaptor.ts";
export { type Component, type Components, connectedComponents } from "../core/components.ts";
export { innermostPixel, squaredDistance } from "../core/distance-transform.ts";
export {
  DeviceError,
  type ErrorCode,
  InputError,
  ModelError,
  OptionError,
  OutputError,
  SamRefinerError,
} from "../core/errors.ts";
export { type Frame, frameOf } from "../core/frame.ts";
export type { Photo } from "../core/lab.ts";
export type { Box, LabelMap, Mask, Point } from "../core/mask.ts";
export { type CocoScores, cocoScoreNames } from "../core/metrics/average-precision/coco-scores.ts";
export { boundaryIoU } from "../core/metrics/boundary-iou.ts";
export { maskIoU } from "../core/metrics/mask-iou.ts";
export { excavate, type Prompts } from "../core/prompts/excavate.ts";
export type { OwnPoint, OwnPrompts } from "../core/prompts/own-prompts.ts";
export type { Window } from "../core/resample.ts";
export {
  type SelectionPolicy,
  type SelectionSettings,
  scoreTokens,
  selectToken,
  type TokenScore,
} from "../core/selection.ts";
export {
  type MaskMode,
  type MethodName,
  type MethodSettings,
  methodNames,
  type PresetName,
  parseSetting,
  presetNames,
  resolveSettings,
} from "../core/settings.ts";
export { type DefectMask, type DefectOptions, simulateDefects } from "../core/simulate/simulate-defects.ts";
export { mergeParts, type Split, type SplitSettings, splitClass } from "../core/split-then-merge.ts";
export { type Interpolation, type LogitWindow, upscaleLogits, upscaleMask } from "../core/upscale.ts";
export type { AdaptOptions, AdaptProgress } from "../dataset/adapt/adapt-options.ts";
export type { AdaptionReport, ChangedChoice, ComparedPolicy } from "../dataset/adapt/adaption-report.ts";
export type { Adaptor, AdaptorProvenance } from "../dataset/adapt/adaptor-file.ts";
export { type AdaptorInfo, listAdaptors } from "../dataset/adapt/list-adaptors.ts";
export { type AdaptorInput, readAdaptor } from "../dataset/adapt/load-adaptor.ts";
export type { PromptType, SampledRegion } from "../dataset/adapt/photo-samples.ts";
export type {
  BenchmarkCost,
  BenchmarkGroup,
  BenchmarkOptions,
  BenchmarkReport,
  BenchmarkResult,
  JudgedCandidate,
} from "../dataset/benchmark.ts";
export {
  type BenchmarkData,
  type BenchmarkKind,
  type BenchmarkLayout,
  benchmarkKinds,
  benchmarkLayouts,
} from "../dataset/benchmarks/benchmark-data.ts";
export type { BenchmarkEntry } from "../dataset/benchmarks/manifest.ts";
export type { PooledScores } from "../dataset/benchmarks/pooled-overlaps.ts";
export type {
  CocoClassScores,
  CocoEvaluation,
  CocoMeans,
  EvaluateOptions,
  Evaluation,
  EvaluationRemarks,
  InstanceClassScores,
  InstanceEvaluation,
  InstanceMeans,
  InstanceScores,
  LabelClassScores,
  LabelEvaluation,
  LabelMeans,
  LabelPhotoScores,
} from "../dataset/evaluate/evaluation.ts";
export type { ImageInput, MaskInput, RawImage } from "../dataset/inputs.ts";
export type { MaskReading } from "../dataset/load-mask.ts";
export { type PairOptions, pairPhoto } from "../dataset/pair-photo.ts";
export type {
  AnnotationTarget,
  DatasetPlan,
  LabelTarget,
  PhotoWork,
  Refusal,
  Sibling,
  Target,
} from "../dataset/plan/dataset-plan.ts";
export type { PlanOptions, PlanProgress } from "../dataset/plan/plan-dataset.ts";
export { decideReview } from "../dataset/review/decide-review.ts";
export { openReview } from "../dataset/review/open-review.ts";
export type {
  DecidedReview,
  RegionDecision,
  ReviewedMethod,
  ReviewedName,
  ReviewedPhoto,
  ReviewedRegion,
  RunReview,
} from "../dataset/review/review.ts";
export type {
  Decision,
  FailureRecord,
  PhotoTimings,
  RegionReport,
  RegionVerdict,
  RunTotals,
  SessionFields,
} from "../dataset/run/journal/records.ts";
export type { PhotoResult } from "../dataset/run/photo-result.ts";
export type { ReportedPhoto, ReportedRegion, RunReport } from "../dataset/run/report-run.ts";
export { type RestoredFile, type RestoreOptions, restoreRun } from "../dataset/run/restore-run.ts";
export {
  geometries,
  type OverlapsRule,
  overlapsRules,
  type RunOptions,
  type RunProgress,
} from "../dataset/run/run-options.ts";
export type {
  CandidateChoice,
  DecodePictures,
  RefinementSession,
  SavedFile,
  SaveTarget,
  SessionChange,
  SessionMask,
  SessionOptions,
  SessionProgress,
  SessionRegion,
  SessionSaveOptions,
} from "../dataset/session/refinement-session.ts";
export {
  type RestoredOriginal,
  type RestoreOriginalOptions,
  restoreOriginal,
} from "../dataset/session/restore-original.ts";
export type { CascadeCandidate, CascadeIteration, Verdict } from "../engine/cascade.ts";
export { type DeviceAttempt, type DeviceName, deviceNames } from "../engine/devices.ts";
export type { EncoderContract, Layout, SpeedClass, Triple } from "../engine/model-manifest.ts";
export type { ModelFiles } from "../engine/model-store.ts";
export type { FetchedModel, FetchProgress, PinnedFile } from "../engine/models/fetch-model.ts";
export type { RemovedModel } from "../engine/models/remove-model.ts";
export type { Region } from "../engine/refine-photo.ts";
export type { GeometryOptions } from "../formats/annotations/annotation-file.ts";
export type { ColourMap } from "../formats/mod.ts";
export type { DrainedQueue } from "../queue/manage/drain-queue.ts";
export type { DeadLetter, QueueStatus } from "../queue/manage/queue-status.ts";
export {
  type QueuePriority,
  type QueueRunOptions,
  queuePriorities,
} from "../queue/run/queue-run-options.ts";
export type { WorkerEvent, WorkerOptions } from "../queue/work/worker-options.ts";
export type { ChangeCounts } from "../render/mod.ts";
export type { AdaptionResult, AdaptModelOptions } from "./adapt.ts";
export { maskEncodings } from "./check-options.ts";
export { checkOutput } from "./check-output.ts";
export { createRefiner, type Refiner, type RefinerOptions } from "./create-refiner.ts";
export type { DatasetResult, DatasetRun } from "./dataset-run.ts";
export type { DecodedCandidate, DecodeOptions, DecodePrompts } from "./decode.ts";
export { type Displayed, jupyterDisplay, type MimeBundle } from "./display/displayed.ts";
export { type AnyProgress, liveProgress } from "./display/live-progress.ts";
export { type DoctorReport, doctor } from "./doctor.ts";
export type { EmbeddingOptions, ImageEmbedding } from "./embeddings.ts";
export { evaluate } from "./evaluate.ts";
export {
  type AddModelOptions,
  addModel,
  describeModel,
  type FetchModelOptions,
  fetchModel,
  listModels,
  type ModelInfo,
  removeModel,
} from "./models.ts";
export type { ExcavatedPrompts, PromptedRegion, PromptOptions } from "./prompts.ts";
export { drainQueue, queueStatus, retryQueue } from "./queue/manage-queue.ts";
export { type QueueDatasetOptions, refineDatasetOnQueue } from "./queue/refine-dataset-on-queue.ts";
export { workOnQueue } from "./queue/work-on-queue.ts";
export { readMask } from "./read-mask.ts";
export {
  type DatasetReading,
  type DatasetSource,
  planRun,
  type RefineDatasetOptions,
} from "./refine-dataset.ts";
export { type ReportPageOptions, type RunReportFiles, reportRun } from "./report-run.ts";
export { saveFile } from "./save-file.ts";
export { adapt } from "./shared/adapt.ts";
export { decode } from "./shared/decode.ts";
export { embeddings } from "./shared/embeddings.ts";
export { explain } from "./shared/explain.ts";
export { prompts } from "./shared/prompts.ts";
export { refine } from "./shared/refine.ts";
export { refineDataset } from "./shared/refine-dataset.ts";
export { sharedRefiner } from "./shared/shared-refiner.ts";
export { type SimulatedMask, type SimulateOptions, simulate } from "./simulate.ts";
export type {
  CompareOptions,
  Mode,
  RefinedMask,
  RefineInput,
  RefineOptions,
  RefineProgress,
  RefineResult,
  SaveOptions,
  Timings,
} from "./types.ts";
export { version } from "./version.ts";
