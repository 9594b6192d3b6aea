/** A photo at work: what is read, what is refined, what is to be written. */
import { DeviceError, ModelError, SamRefinerError } from "../../core/errors.ts";
import type { RunLengthMask } from "../../core/run-length.ts";
import type { EncodedPhoto } from "../../engine/cascade.ts";
import type { PhotoHeader } from "../../engine/photo.ts";
import type { MapTask } from "../../engine/refine-photo.ts";
import type { AnnotatedRegion } from "../../formats/annotations/annotation-file.ts";
import type { LoadedMask, Turn } from "../load-mask.ts";
import type { LoadedPhoto } from "../load-photo.ts";
import type { LabelTarget, PhotoWork } from "../plan/dataset-plan.ts";
import type { ResultFile } from "./destination.ts";
import type { KnownPhoto } from "./journal/journal-state.ts";
import type {
  ChangeRecord,
  FailureRecord,
  FileStamp,
  RegionReport,
  TargetStamp,
  WrittenFile,
} from "./journal/records.ts";

/** What is known of a photo while its parts are refined. */
export class OpenWork {
  readonly work: PhotoWork;
  /** Absent where the photo could not be read. */
  stamp: FileStamp | null = null;
  /** Absent until the photo is decoded; given up when all is refined. */
  photo: Omit<LoadedPhoto, "masks"> | undefined;
  encoded: EncodedPhoto | undefined;
  readonly targets: TargetStamp[] = [];
  readonly regions: RegionReport[] = [];
  readonly claims: RegionClaim[] = [];
  /** Of mask files; those of annotation files come of the claims. */
  readonly changes: ChangeRecord[] = [];
  readonly written: WrittenFile[] = [];
  readonly failures: FailureRecord[] = [];
  readonly notes: string[] = [];
  readonly spent = { read: 0, encode: 0, refine: 0, write: 0 };
  /** Ends when all pieces so far are refined; they follow one another. */
  refining: Promise<void> = Promise.resolve();
  /** Results that wait to be written. */
  results: ResultFile[] = [];
  /** Called once the journal has the photo: what was kept for it elsewhere can go. */
  recorded: () => Promise<void> = async () => {};

  constructor(work: PhotoWork) {
    this.work = work;
  }

  /**
   * Notes an error; the rest of the photo goes on.
   *
   * @throws what ends the whole run: the signal's reason, or an error of the model or its device
   */
  fail(path: string, error: unknown, signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    if (error instanceof ModelError || error instanceof DeviceError) throw error;
    this.failures.push({ path, message: messageOf(error) });
  }

  /** Adds the time since `started` to a stage. */
  spend(stage: keyof OpenWork["spent"], started: number): void {
    this.spent[stage] += performance.now() - started;
  }
}

/** What is no error of this product should be reported, but must not end a run of days. */
export function messageOf(error: unknown): string {
  if (error instanceof SamRefinerError) return error.message;
  return `unexpected error (${error instanceof Error ? `${error.name}: ${error.message}` : String(error)})`;
}

/** The pixels of an annotation file's region after its refinement, as the file lies. */
export interface RegionClaim {
  readonly target: number;
  readonly region: string;
  /** Index in {@link OpenWork.regions}. */
  readonly report: number;
  readonly order: number;
  readonly runs: RunLengthMask;
  readonly changed: boolean;
  readonly predictedIoU?: number;
}

/** One map for the engine, and the way back from it. */
export type Piece = LabelPiece | RegionPiece;

/** A mask file. */
export interface LabelPiece {
  readonly kind: "labels";
  readonly target: number;
  readonly file: LabelTarget;
  readonly mask: LoadedMask;
  readonly sha256: string;
  readonly siblings: readonly FileStamp[];
  /** Ids of regions that a person has rejected: they keep their coarse pixels. */
  readonly rejected: ReadonlySet<string>;
  readonly task: MapTask;
}

/** One region of an annotation file. */
export interface RegionPiece {
  readonly kind: "region";
  readonly target: number;
  readonly region: AnnotatedRegion;
  readonly turn: Turn | undefined;
  readonly task: MapTask;
}

/** What reading brings, in the order of the work. */
export type Step =
  /** An earlier session has done it. */
  { readonly kind: "known"; readonly work: PhotoWork; readonly known: KnownPhoto } | ReadStep;

/** What reading a photo brings: batches to refine, then that there are no more. */
export type ReadStep =
  | { readonly kind: "refine"; readonly open: OpenWork; readonly pieces: readonly Piece[] }
  | { readonly kind: "finish"; readonly open: OpenWork };

/** What annotation regions lie on. */
export interface Canvas {
  readonly header: PhotoHeader;
  /** What messages call the photo. */
  readonly name: string;
}
