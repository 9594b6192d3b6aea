/** Everything the page knows. */
import type { CompareMode, NoticeAction, PreviewState } from "../../protocol/preview.ts";
import type {
  IterationPictures,
  MethodChoice,
  PhotoView,
  RegionView,
  SessionView,
} from "../../protocol/views.ts";
import type { Viewport } from "../geometry/viewport.ts";
import type { Place, Size } from "../types.ts";

/** What the pointer does on the stage. */
export type Tool = "pan" | "points" | "box";

/** What regions are ordered by. */
export type SortKey = "doubt" | "name" | "verdict" | "coarseIoU" | "predictedIoU";

/** An order of the region list. */
export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** A line for the user. */
export interface Notice {
  readonly id: number;
  readonly level: "info" | "warning" | "error";
  readonly message: string;
  readonly action?: NoticeAction;
}

/** How far something of the host's is. */
export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

/** The page's state; replaced field by field, never changed in place. */
export interface PageState {
  /** Absent until the host showed something. */
  readonly view: SessionView | undefined;
  readonly title: string;
  /** Why nothing can be shown. */
  readonly failure: string | undefined;
  /** By id. */
  readonly regions: readonly RegionView[];
  /**
   * Ids as the list shows them: in the order of {@link sort} as regions were when it was chosen, so that no line runs away
   * from under the pointer.
   */
  readonly order: readonly number[];
  /** Names what is open; see {@link PreviewState.source}. */
  readonly source: PreviewState["source"] | undefined;
  readonly mode: CompareMode;
  readonly tool: Tool;
  /** Of the stage in screen pixels; 0 by 0 until it is laid out. */
  readonly stage: Size;
  /** Absent until the stage has a size. */
  readonly viewport: Viewport | undefined;
  /** Whether the whole photo is kept in view when the stage's size or the mode changes. */
  readonly fitted: boolean;
  /** The photo that is ready to be drawn. */
  readonly decoded: PhotoView | undefined;
  /** The photo pixel under the pointer. */
  readonly cursor: Place | undefined;
  readonly rejected: ReadonlySet<number>;
  readonly selected: number | undefined;
  /** The iteration shown of the selected region. */
  readonly iteration: number;
  /** Of {@link iteration}, once they are there. */
  readonly pictures: IterationPictures | undefined;
  readonly followSelection: boolean;
  readonly sort: Sort;
  readonly showPrompts: boolean;
  readonly showHeat: boolean;
  readonly showMasks: boolean;
  /** While its key is held, only the coarse mask is shown. */
  readonly holdCoarse: boolean;
  /** Place of the divider, 0..1 from the left. */
  readonly swipe: number;
  /** Opacity of the refined mask over the coarse one, 0..1. */
  readonly onion: number;
  /** Whether blinking goes on by itself. */
  readonly blinking: boolean;
  /** Which of both blinking shows. */
  readonly blinkCoarse: boolean;
  readonly method: MethodChoice;
  /** {@link method} with everything decided; ahead of the host while a slider moves. */
  readonly resolved: SessionView["resolved"] | undefined;
  readonly timings: SessionView["timings"] | undefined;
  readonly notices: readonly Notice[];
  readonly progress: Progress | undefined;
  /** Requests under way that change masks. */
  readonly refining: number;
  readonly saving: boolean;
  readonly helpOpen: boolean;
}

/** The state of a page that has not heard of its host. */
export function initialState(reducedMotion: boolean): PageState {
  return {
    view: undefined,
    title: "",
    failure: undefined,
    regions: [],
    order: [],
    source: undefined,
    mode: "swipe",
    tool: "pan",
    stage: { width: 0, height: 0 },
    viewport: undefined,
    fitted: true,
    decoded: undefined,
    cursor: undefined,
    rejected: new Set(),
    selected: undefined,
    iteration: 0,
    pictures: undefined,
    followSelection: false,
    sort: { key: "doubt", descending: true },
    showPrompts: false,
    showHeat: false,
    showMasks: true,
    holdCoarse: false,
    swipe: 0.5,
    onion: 0.5,
    blinking: !reducedMotion,
    blinkCoarse: false,
    method: { preset: "default", settings: {}, mode: "auto" },
    resolved: undefined,
    timings: undefined,
    notices: [],
    progress: undefined,
    refining: 0,
    saving: false,
    helpOpen: false,
  };
}
