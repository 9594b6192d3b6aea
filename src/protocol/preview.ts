/** Messages between the extension host and the preview page; see `rpc.ts` for how they travel. */
import type {
  CandidateChoice,
  IterationPictures,
  MethodChoice,
  OwnPrompts,
  RegionView,
  SessionView,
} from "./views.ts";

/** How coarse and refined masks are compared. */
export type CompareMode = "swipe" | "side-by-side" | "onion-skin" | "blink" | "difference" | "contour";

/** What the page asks of the host. */
export interface PreviewRequests {
  /** The page can draw; the host answers with what to show, once it is there. */
  ready: [{ state: PreviewState | null }, { view: SessionView; title: string; state: PreviewState | null }];
  refine: [{ method: MethodChoice; regions?: readonly number[] }, RegionUpdate];
  prompt: [{ region: number; own: OwnPrompts }, RegionUpdate];
  choose: [{ region: number; choice: CandidateChoice | null }, RegionUpdate];
  pictures: [{ region: number; iteration: number }, IterationPictures];
  /** Writes the file with these regions refined; answers with a sentence that says what was written. */
  save: [{ accepted: readonly number[] }, { message: string; saved: boolean }];
  /** Brings the original back. */
  restore: [Record<string, never>, { message: string }];
  /** Opens the next or the previous region of the review, where the preview belongs to one. */
  step: [{ by: 1 | -1 }, null];
  /** Review: notes a decision. */
  decide: [{ region: number; decision: "accepted" | "rejected" | null }, null];
  /** Runs what a notice offered: {@link NoticeAction.command}. */
  act: [{ command: string }, null];
}

/** Regions that changed, with what else did. */
export interface RegionUpdate {
  readonly regions: readonly RegionView[];
  readonly method?: MethodChoice;
  readonly resolved?: SessionView["resolved"];
  readonly timings?: SessionView["timings"];
}

/** What the host asks of the page. */
export interface PageRequests {
  /** Shows another photo or the same one anew, for example after the mask changed on disk; the page keeps what `state` leaves out. */
  show: [{ view: SessionView; title: string; state: Partial<PreviewState> }, null];
  /** A line in the preview, for example "The mask was changed on disk." */
  notice: [{ level: "info" | "warning" | "error"; message: string; action?: NoticeAction }, null];
  progress: [{ stage: string; done: number; total: number } | null, null];
  /** Runs a command of the page from the command palette or a menu. */
  command: [{ command: PageCommand }, null];
}

/** What a notice offers. */
export interface NoticeAction {
  readonly label: string;
  /** Command id of the extension. */
  readonly command: string;
}

/** Commands of the page that have a key. */
export type PageCommand =
  | "accept"
  | "help"
  | "zoom-in"
  | "zoom-out"
  | "zoom-fit"
  | "next-region"
  | "previous-region"
  | "toggle-region"
  | `mode:${CompareMode}`;

/** What survives a reload of the window: kept by the page with `setState`. */
export interface PreviewState {
  /** Names what to open again. */
  readonly source: {
    readonly sources: readonly string[];
    readonly image?: string;
    readonly key?: string;
    readonly journal?: string;
  };
  readonly mode: CompareMode;
  readonly method: MethodChoice;
  /** Decisions by region id. */
  readonly rejected: readonly number[];
  /** Photo pixel in the middle of the view, and screen pixels per photo pixel. */
  readonly viewport?: { readonly x: number; readonly y: number; readonly scale: number };
  readonly selected?: number;
  readonly showPrompts?: boolean;
}
