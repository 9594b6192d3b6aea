/** What is sent to workers and what comes back: plain data. */
import type { MaskMode, MethodSettings } from "../core/settings.ts";
import type { MaskReading } from "../dataset/load-mask.ts";
import type { FileStamp, PhotoTimings, TargetStamp } from "../dataset/run/journal/records.ts";

/** A file that a worker reads. */
export interface JobFile {
  /** Name without folders. */
  readonly name: string;
  /** In a shared folder: its path below it, `/` between folders. In a store: its sha256. */
  readonly at: string;
  /** In a shared folder, of files that several photos need: sha256 when the run read it. */
  readonly sha256?: string;
}

/** A sibling of a mask file, see `Sibling`. */
export interface JobSibling {
  readonly relative: string;
  readonly rule: string;
  readonly file: JobFile;
}

/** A file with regions. */
export type JobTarget =
  | {
      readonly kind: "labels";
      readonly relative: string;
      readonly mode?: MaskMode;
      readonly reading?: MaskReading;
      readonly siblings: readonly JobSibling[];
      readonly file: JobFile;
    }
  | {
      readonly kind: "annotations";
      readonly relative: string;
      readonly photoId: string;
      readonly format: string;
      readonly file: JobFile;
    };

/** Where files lie: a folder that all machines share, or an object store. */
export interface JobPlace {
  readonly kind: "folder" | "store";
  /** Where results go: below the shared folder, or below the store's address. */
  readonly results: string;
}

/** A model, named by its weights. */
export interface JobModel {
  readonly name: string;
  readonly sha256: string;
  /** Results' folder holds the model's manifest and files under their sha256, where no catalogue has it. */
  readonly manifest?: string;
  /** Its files: name below the manifest's folder to sha256. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What an earlier session made of the photo: regions that a person rejected keep their coarse pixels. */
export interface EarlierWork {
  readonly session: string;
  readonly photo: FileStamp | null;
  readonly targets: readonly TargetStamp[];
  /** Ids by index of the target. */
  readonly rejected: readonly (readonly string[])[];
}

/** A photo to refine, with all that lies on it. */
export interface PhotoJob {
  readonly stamp: string;
  readonly run: string;
  readonly session: string;
  readonly place: JobPlace;
  readonly model: JobModel;
  /** sha256 of the IoU adaptor, which lies among the results. */
  readonly adaptor?: string;
  readonly method: {
    readonly settings: MethodSettings;
    readonly mode: MaskMode | "auto";
    readonly reading: MaskReading;
  };
  readonly pixelLimit: number;
  readonly key: string;
  readonly photo: JobFile;
  readonly targets: readonly JobTarget[];
  readonly earlier?: EarlierWork;
  /** How often workers have handed it back because they could not do it, and since when (epoch, milliseconds). */
  readonly handedBack?: { readonly times: number; readonly since: number };
}

/** What a worker says of a photo that is done. */
export interface PhotoOutcome {
  readonly stamp: string;
  /** sha256 of the bundle among the results. */
  readonly bundle: string;
  readonly timings: PhotoTimings;
  /** Who did it. */
  readonly worker: string;
}
