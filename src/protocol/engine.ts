/**
 * Messages between the extension host and the engine process: JSON-RPC (vscode-jsonrpc) over Node's IPC channel with
 * `serialization: "advanced"`, so that typed arrays travel as they are.
 */
import type {
  CandidateChoice,
  IterationPictures,
  MethodChoice,
  OwnPrompts,
  RegionView,
  SessionView,
} from "./views.ts";

/** Raised with every change of these messages: host and process come from one build, or refuse each other. */
export const ENGINE_PROTOCOL = 2;

/** Given to the process on its command line, as JSON. */
export interface EngineProcessOptions {
  readonly model?: string | { readonly encoder: string; readonly decoder: string };
  readonly device: string;
  readonly threads?: number;
  readonly cacheDir?: string;
  /** Most bytes of open sessions; those used longest ago are closed, and opened again when needed. @default 2^30 */
  readonly sessionBytes?: number;
}

/** What the process is doing; answered at once, also when busy. */
export interface EngineStatus {
  readonly state: "idle" | "loading" | "busy" | "failed";
  /** Requests under way, the running one included. */
  readonly pending: number;
  /** Once the model is loaded. */
  readonly device?: string;
  readonly model?: string;
  /** Devices tried, with the reason of each refusal. */
  readonly attempts: readonly { readonly device: string; readonly outcome: string }[];
  /** Why the model could not be opened. */
  readonly error?: string;
  readonly pid: number;
  readonly node: string;
  /** Resident bytes. */
  readonly memory: number;
}

/** Error codes of answers: `code` in the JSON-RPC error. */
export const EngineErrorCode = {
  /**
   * A sentence for the user: `InputError`, `OptionError`, `OutputError`, `ModelError`, `DeviceError`, or `SessionError` for
   * a session that is no longer open; `data` has its kind.
   */
  refused: -32_000,
  cancelled: -32_800,
  /** A defect. */
  internal: -32_603,
} as const;

/** How masks are found and read. */
export interface SourceChoice {
  /** Absolute paths: files or folders. */
  readonly sources: readonly string[];
  /** The photo, when it was chosen with the mask. */
  readonly image?: string;
  readonly pairing?: readonly string[];
  readonly format?: string;
  readonly ignoreLabel?: number;
  readonly encoding?: string;
  /** Absolute paths of folders, photos or masks to leave out. */
  readonly exclude?: readonly string[];
}

/** What a run would do. */
export interface PlanView {
  readonly root: string;
  readonly photos: readonly PlannedPhoto[];
  readonly refused: readonly { readonly path: string; readonly message: string }[];
  /** Number of mask or annotation files by format, in words for people. */
  readonly formats: readonly { readonly format: string; readonly files: number }[];
}

/** One photo of a plan. */
export interface PlannedPhoto {
  /** Names the photo in the run, its journal and its report. */
  readonly key: string;
  readonly photo: string;
  readonly files: readonly string[];
}

/** Where results go. */
export type OutputChoice =
  | { readonly kind: "beside" }
  | { readonly kind: "mirror"; readonly folder: string; readonly root: string }
  | { readonly kind: "in-place"; readonly history: string };

/** How far something is; `token` names the request it belongs to. */
export interface ProgressMessage {
  readonly token: string;
  readonly stage: "load" | "read" | "encode" | "refine" | "write" | "fetch" | "train";
  /** Bytes of a file while it is fetched. */
  readonly done: number;
  readonly total: number;
  /** Absolute path of the photo or file at work; the name of a file that is fetched. */
  readonly item?: string;
}

/** A model on this machine, or one that can be fetched. */
export interface ModelView {
  readonly name: string;
  readonly description: string;
  readonly licence: string;
  readonly homepage?: string;
  /** Time of its encoder beside the embedded model's: about as long, about ten, thirty and seventy times. */
  readonly speed?: "fast" | "moderate" | "slow" | "very slow";
  /** Comes with the extension, can be fetched by name, or was added from own files. */
  readonly source: "embedded" | "known" | "own";
  /** Bytes of its files, where known. */
  readonly size?: number;
  /** Bytes to fetch, where they are known and the model is not here. */
  readonly download?: number;
  /** Bytes on this machine, of a half-fetched model too. */
  readonly onDisk: number;
  /** Whether its files are here, complete and as they should be. */
  readonly ready: boolean;
  /** Why it cannot be used now. */
  readonly problem?: string;
  readonly fetchable: boolean;
}

/** A run's settings. */
export interface RunChoice extends SourceChoice {
  readonly method: MethodChoice;
  /** Folder for the results, or in place. */
  readonly out: string | undefined;
  readonly journal: string;
  readonly resume: boolean;
  readonly overwrite?: boolean;
  readonly geometry?: "same" | "mask" | "polygon";
}

/** Sums over a run. */
export interface RunSummary {
  readonly journal: string;
  readonly photos: number;
  readonly failed: number;
  readonly regions: {
    readonly refined: number;
    readonly kept: number;
    readonly unchanged: number;
    readonly failed: number;
  };
  readonly failures: readonly { readonly path: string; readonly message: string }[];
  /** Whether it was stopped before its end. */
  readonly stopped: boolean;
}

/** One region of a finished run, for the review. */
export interface ReviewRegion {
  /** {@link PlannedPhoto.key}. */
  readonly key: string;
  /** Index of its file among the photo's files. */
  readonly target: number;
  readonly id: string;
  readonly label: string;
  readonly verdict: "refined" | "kept" | "unchanged" | "failed";
  readonly reason?: string;
  readonly doubt: number;
  readonly coarseIoU: number;
  readonly predictedIoU?: number;
  /** What a person decided; absent before. */
  readonly decision?: "accepted" | "rejected";
}

/** A journal opened for review. */
export interface ReviewView {
  readonly journal: string;
  readonly root: string;
  /** `null` when results replaced their sources. */
  readonly out: string | null;
  /** When the run began, and came to its end; absent while it has not. ISO 8601. */
  readonly created: string;
  readonly ended?: string;
  /** What the run's last session worked with. */
  readonly method: MethodChoice;
  readonly photos: readonly {
    readonly key: string;
    readonly photo: string;
    readonly files: readonly string[];
    /** The same files as the run read them, where results may have replaced them: stored under names of their content. */
    readonly originals: readonly string[];
  }[];
  readonly regions: readonly ReviewRegion[];
  readonly failures: readonly { readonly path: string; readonly message: string }[];
}

/** Names a region of a run. */
export interface RegionName {
  readonly key: string;
  readonly target: number;
  readonly id: string;
}

/** An IoU adaption to train. */
export interface AdaptionChoice extends SourceChoice {
  /** Its adaptor is the one that would be replaced, and does not take part. */
  readonly method: MethodChoice;
  /** What the adaptor is called. */
  readonly name: string;
  /** Where its file goes, absolute; replaced if it is there. */
  readonly file: string;
}

/** A trained adaptor, and how well it does on photos that it was not trained on. Shares are 0..1. */
export interface AdaptionView {
  readonly file: string;
  readonly photos: { readonly train: number; readonly heldOut: number };
  readonly regions: number;
  /** How often the mask that agrees most with the coarse one is chosen, without the adaptor and with it. */
  readonly top1: { readonly before: number; readonly after: number };
  /** Mean IoU of the chosen masks with the coarse ones. */
  readonly coarseIoU: { readonly before: number; readonly after: number };
  /** Whether it should be used, and why. */
  readonly recommended: boolean;
  readonly reason: string;
  /** Decodes whose choice changed. */
  readonly changed: { readonly total: number; readonly better: number; readonly worse: number };
  /** Those that changed most. */
  readonly examples: readonly {
    /** Absolute paths. */
    readonly photo: string;
    readonly mask: string;
    readonly label: string;
    /** As `RegionView.name`. */
    readonly region: string;
    readonly prompt: "point" | "box" | "mask";
    /** Coarse IoU of the mask that is chosen without the adaptor, and with it. */
    readonly before: number;
    readonly after: number;
  }[];
  readonly failures: readonly { readonly path: string; readonly message: string }[];
}

/** Every request: its parameters and its answer. */
export interface EngineRequests {
  /** `sum` of the probe's bytes, modulo 2^32: proves that typed arrays arrive whole. */
  hello: [{ protocol: number; probe: Uint8Array }, { protocol: number; sum: number; version: string }];
  status: [Record<string, never>, EngineStatus];
  plan: [SourceChoice & { token: string }, PlanView];
  "session/open": [
    SourceChoice & { token: string; key?: string; method: MethodChoice },
    { session: number; view: SessionView },
  ];
  "session/refine": [
    { session: number; token: string; method: MethodChoice; regions?: readonly number[] },
    { regions: readonly RegionView[]; view: Pick<SessionView, "method" | "resolved" | "timings"> },
  ];
  "session/prompt": [
    { session: number; token: string; region: number; own: OwnPrompts },
    { regions: readonly RegionView[]; view: Pick<SessionView, "timings"> },
  ];
  "session/choose": [
    { session: number; region: number; choice: CandidateChoice | null },
    { regions: readonly RegionView[] },
  ];
  "session/pictures": [{ session: number; region: number; iteration: number }, IterationPictures];
  "session/save": [
    { session: number; accepted: readonly number[]; target: OutputChoice; overwrite: boolean },
    { files: readonly { source: string; path: string; unchanged: boolean; notes?: readonly string[] }[] },
  ];
  "session/close": [{ session: number }, null];
  /** Brings back the original of a file that was saved in place; with `force`, also where it was changed since. */
  "history/restore": [
    { history: string; path: string; force?: boolean },
    { restored: boolean; message: string },
  ];
  "run/start": [RunChoice & { token: string }, RunSummary];
  "run/report": [{ journal: string }, { page: string; csv: string; json: string }];
  "run/restore": [{ journal: string }, { restored: readonly string[]; left: readonly string[] }];
  "review/open": [{ journal: string }, ReviewView];
  /** Rewrites the files concerned so that rejected regions are as they were, and notes the decisions in the journal. */
  "review/decide": [
    { journal: string; decisions: readonly (RegionName & { decision: "accepted" | "rejected" | null })[] },
    { written: readonly string[]; failures: readonly { path: string; message: string }[] },
  ];
  "adapt/start": [AdaptionChoice & { token: string }, AdaptionView];
  "models/list": [Record<string, never>, readonly ModelView[]];
  /** `pinned`: files whose sha256 nobody had written down before. */
  "models/fetch": [{ name: string; token: string }, { fetched: boolean; pinned: readonly string[] }];
  "models/add": [{ encoder: string; decoder: string; name: string; token: string }, ModelView];
  "models/remove": [{ name: string }, null];
}

/** What the process tells unasked. */
export interface EngineNotifications {
  /** A change of state. */
  status: EngineStatus;
  progress: ProgressMessage;
  /** A line for the log. */
  log: { level: "trace" | "debug" | "info" | "warn" | "error"; message: string };
}
