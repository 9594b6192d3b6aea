/** What the parts of the extension share. Made once in `main.ts`; nothing here starts the engine before it is asked. */
import type * as vscode from "vscode";
import type { EngineProcessOptions, SourceChoice } from "../protocol/engine.ts";
import type { PreviewState } from "../protocol/preview.ts";
import type { MethodChoice } from "../protocol/views.ts";
import type { Engine } from "./engine/mod.ts";

/** Settings as they are now, for a file or folder where the setting has a resource scope. */
export interface Settings {
  method(scope: vscode.Uri): MethodChoice;
  /** How files are read and paired. */
  reading(scope: vscode.Uri): Pick<SourceChoice, "pairing" | "format" | "ignoreLabel">;
  output(scope: vscode.Uri): OutputSettings;
  engine(): EngineProcessOptions;
  /** The Node that runs the engine, where one was chosen. */
  nodePath(): string | undefined;
}

/** Where refined masks go. */
export interface OutputSettings {
  readonly kind: "beside" | "mirror" | "in-place";
  /** As written by the user: absolute, or below the workspace folder. */
  readonly mirrorFolder: string;
  readonly overwrite: boolean;
}

/** What a preview shows. */
export interface PreviewSource {
  /** Absolute paths of masks or annotation files, or a folder with `key`. */
  readonly sources: readonly string[];
  /** The photo, when it was chosen with the mask. */
  readonly image?: string;
  /** Photo of the plan, where the sources have several. */
  readonly key?: string;
  /** Journal of the run that the preview reviews; its `next`, `previous` and decisions go to {@link ReviewService}. */
  readonly journal?: string;
}

/** How a preview opens. */
export interface OpenPreviewOptions {
  /** @default the settings' */
  readonly method?: MethodChoice;
  /** @default the settings' */
  readonly output?: OutputSettings["kind"];
  readonly column?: vscode.ViewColumn;
  /** Keeps the keyboard where it is, for walking through a list. @default false */
  readonly preserveFocus?: boolean;
  /** Shows it in the panel that this journal's preview already has. @default true for sources with a journal */
  readonly reuse?: boolean;
  readonly state?: PreviewState;
  /** Name of the region to select: as `RegionView.name`, with its file. */
  readonly region?: { readonly file: string; readonly name: string };
  /** Review: regions that are rejected already. @default none */
  readonly rejected?: readonly { readonly file: string; readonly name: string }[];
}

/** Shared by all parts. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  /** Starts its process with the first request. */
  readonly engine: Engine;
  readonly log: vscode.LogOutputChannel;
  readonly settings: Settings;
  /** Shows a photo with its masks beside their refinement; the panel appears at once and fills when the engine is done. */
  openPreview(source: PreviewSource, options?: OpenPreviewOptions): Promise<void>;
  /**
   * Folder of what this extension keeps about files at `scope`: `.samrefiner` in their workspace folder, or VS Code's
   * storage where there is none or it is read-only. It may not exist yet.
   */
  stateFolder(scope: vscode.Uri): Promise<string>;
  /**
   * Tells a failure once, with "Show Log" and what else helps, and logs it. Cancelled work is not told.
   *
   * @returns the label of `actions` that was chosen
   */
  tellFailure(error: unknown, ...actions: readonly string[]): Promise<string | undefined>;
}

/** What `registerRun(services)` returns: "Refine Masks in Workspace" for what was chosen in the explorer. */
export interface RunService {
  /** Plans, asks, runs and sums up. */
  start(sources: readonly vscode.Uri[], options?: RunStartOptions): Promise<void>;
}

/** How a run is started from elsewhere. */
export interface RunStartOptions {
  /** @default the settings' */
  readonly method?: MethodChoice;
  /** @default the settings' */
  readonly output?: OutputSettings["kind"];
}

/** What `registerReview(services)` returns: a preview with a journal turns here. */
export interface ReviewService {
  /** Shows the next or previous region in the preview. */
  step(journal: string, by: 1 | -1): Promise<void>;
  /** Notes a decision about a region of a file. */
  decide(
    journal: string,
    region: { readonly file: string; readonly name: string },
    decision: "accepted" | "rejected" | null,
  ): Promise<void>;
}
