/** One preview: answers its page, and keeps it in step with the engine and the files. */
import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import type {
  NoticeAction,
  PageCommand,
  PageRequests,
  PreviewRequests,
  PreviewState,
  RegionUpdate,
} from "../../protocol/preview.ts";
import { createRpc, type Handlers, type Rpc, type RpcMessage } from "../../protocol/rpc.ts";
import type { IterationPictures, SessionView } from "../../protocol/views.ts";
import { isAbort } from "../abort.ts";
import { type Restoration, restoreOriginal } from "../commands/restore-original.ts";
import type { EngineRequestOptions } from "../engine/mod.ts";
import { withLateProgress } from "../late-progress.ts";
import { stageText } from "../progress-text.ts";
import type { OpenPreviewOptions, PreviewSource, ReviewService, Services } from "../services.ts";
import { withShortPaths } from "../short-paths.ts";
import { messageOf } from "../tell-failure.ts";
import { EngineSession } from "./engine-session.ts";
import { Latest } from "./latest.ts";
import { withOwnBuffers } from "./own-buffers.ts";
import { freshState } from "./preview-state.ts";
import { type SavedMasks, saveMasks } from "./save-masks.ts";
import { tellOpenFailure } from "./tell-open-failure.ts";
import { tellSaved } from "./tell-saved.ts";
import { previewTitle, sameSource } from "./titles.ts";
import { type FileChange, type FileWatch, watchFiles } from "./watch-files.ts";

const RELOAD: NoticeAction["command"] = "samrefiner.preview.reload";
const SHOW_LOG: NoticeAction["command"] = "samrefiner.showLog";

/** What a preview works with. */
export interface PreviewContext {
  readonly services: Services;
  readonly review: ReviewService;
}

/** A preview in a panel or an editor. */
export class PreviewSession implements vscode.Disposable {
  readonly #services: Services;
  readonly #review: ReviewService;
  readonly #page: Rpc<PageRequests>;
  readonly #closing = new AbortController();
  readonly #refinements = new Latest();
  readonly #pictures = new Latest();
  #source: PreviewSource;
  #options: OpenPreviewOptions;
  #session: EngineSession;
  #loading: Promise<SessionView> | undefined;
  #watch: FileWatch | undefined;
  #pageAsked = false;

  constructor(
    { services, review }: PreviewContext,
    webview: vscode.Webview,
    source: PreviewSource,
    options: OpenPreviewOptions,
  ) {
    this.#services = services;
    this.#review = review;
    this.#source = source;
    this.#options = options;
    this.#session = this.#newSession();
    this.#page = createRpc<PageRequests, PreviewRequests>(
      (message) => void webview.postMessage(withOwnBuffers(this.#readable(message))),
      this.#handlers(),
    );
    webview.onDidReceiveMessage((message) => this.#page.receive(message));
  }

  /** Opens it while the page still loads; how that ends, the page is told when it asks. */
  start(): void {
    this.#load().catch(() => undefined);
  }

  get source(): PreviewSource {
    return this.#source;
  }

  get title(): string {
    return previewTitle(this.#source, vscode.l10n.t);
  }

  /** Runs a command of the page. */
  async command(command: PageCommand): Promise<void> {
    // The page would pass over it, as it has nothing to write yet.
    if (command === "accept" && this.#session.view === undefined) this.#tellTooEarly();
    else await this.#page.request("command", { command }, this.#closing.signal);
  }

  #tellTooEarly(): void {
    void vscode.window.showWarningMessage(
      vscode.l10n.t("{0}: the masks are not refined yet, nothing was written.", this.title),
    );
  }

  /** Shows something else in the same place; the same photo by the same method is not opened again. */
  async show(source: PreviewSource, options: OpenPreviewOptions): Promise<void> {
    const same = sameSource(source, this.#source) && isDeepStrictEqual(options.method, this.#options.method);
    this.#source = source;
    this.#options = options;
    if (!same) this.#replaceSession();
    // A page that has not asked yet gets it as its first.
    if (this.#pageAsked) await this.#showAnew();
  }

  #replaceSession(): void {
    const before = this.#session;
    this.#session = this.#newSession();
    this.#loading = undefined;
    void before.close();
  }

  /** Opens the files as they are now. */
  async reload(): Promise<void> {
    this.#loading = undefined;
    await this.#showAnew();
  }

  dispose(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new DOMException("The preview was closed", "AbortError"));
    this.#page.close("The preview was closed");
    this.#refinements.stop();
    this.#pictures.stop();
    this.#watch?.dispose();
    void this.#session.close();
  }

  #handlers(): Handlers<PreviewRequests> {
    return {
      ready: ({ state }) => this.#ready(state),
      refine: ({ method, regions }, signal) =>
        this.#refine(regions, signal, (session, options) => session.refine(method, regions, options)),
      prompt: ({ region, own }, signal) =>
        this.#refine([region], signal, (session, options) => session.prompt(region, own, options)),
      choose: ({ region, choice }, signal) =>
        this.#unlessReplaced({ regions: [] }, (session) => session.choose(region, choice, { signal })),
      pictures: ({ region, iteration }, signal) =>
        this.#unlessReplaced(NO_PICTURES, (session) =>
          this.#pictures.run(undefined, signal, (latest) =>
            session.pictures(region, iteration, { signal: latest }),
          ),
        ),
      save: ({ accepted }) => this.#save(accepted),
      restore: () => this.#restore(),
      step: ({ by }) => this.#step(by),
      decide: ({ region, decision }) => this.#decide(region, decision),
      act: ({ command }) => this.#act(command),
    };
  }

  /** Failures in the page's words for files; the log has them as they are. */
  #readable(message: RpcMessage): RpcMessage {
    if (message.rpc !== "error") return message;
    this.#services.log.debug(message.message);
    return { ...message, message: withShortPaths(message.message) };
  }

  #newSession(): EngineSession {
    const { sources, image, key } = this.#source;
    const scope = this.#scope();
    const session: EngineSession = new EngineSession({
      engine: this.#services.engine,
      source: {
        sources,
        ...(image === undefined ? {} : { image }),
        ...(key === undefined ? {} : { key }),
        ...this.#services.settings.reading(scope),
      },
      method: this.#options.method ?? this.#options.state?.method ?? this.#services.settings.method(scope),
      onReopened: (view) => {
        if (session === this.#session) void this.#tellPage("show", this.#shown(view));
      },
    });
    return session;
  }

  #scope(): vscode.Uri {
    return vscode.Uri.file(this.#source.sources[0] ?? "");
  }

  async #ready(state: PreviewState | null): Promise<PreviewRequests["ready"][1]> {
    this.#pageAsked = true;
    const kept = state !== null && sameSource(state.source, this.#source) ? state : null;
    const view = await this.#load();
    const first = this.#options.state ?? freshState(this.#source, view.method);
    const shown = this.#shown(view);
    return { ...shown, state: { ...first, ...shown.state, ...kept, source: this.#source } };
  }

  async #showAnew(): Promise<void> {
    const session = this.#session;
    try {
      const view = await this.#load();
      if (session === this.#session) await this.#tellPage("show", this.#shown(view));
    } catch (error) {
      if (session !== this.#session) return;
      await this.#notice("error", withShortPaths(messageOf(error)), {
        label: vscode.l10n.t("Reload"),
        command: RELOAD,
      });
    }
  }

  #shown(view: SessionView): PageRequests["show"][0] {
    const { region, rejected } = this.#options;
    const selected = region && idOf(view, region);
    return {
      view,
      title: this.title,
      state: {
        source: this.#source,
        method: view.method,
        ...(selected === undefined ? {} : { selected }),
        ...(rejected === undefined ? {} : { rejected: idsOf(view, rejected) }),
      },
    };
  }

  /** The view as it stands, opened if it never was. A failure stays until a reload: it is told once. */
  async #load(): Promise<SessionView> {
    const session = this.#session;
    this.#loading ??= this.#open(session);
    try {
      const first = await this.#loading;
      if (session === this.#session) return session.view ?? first;
    } catch (error) {
      if (session === this.#session) throw error;
    }
    // Something else is shown by now.
    return this.#load();
  }

  async #open(session: EngineSession): Promise<SessionView> {
    try {
      const view = await this.#openWithProgress(session);
      this.#closing.signal.throwIfAborted();
      if (session === this.#session) await this.#watchFiles(view);
      return view;
    } catch (error) {
      if (isAbort(error)) throw new Error(vscode.l10n.t("Opening was cancelled."));
      if (session === this.#session) void this.#tellOpenFailure(session, error);
      throw error;
    }
  }

  #openWithProgress(session: EngineSession): Promise<SessionView> {
    return withLateProgress(vscode.l10n.t("Opening {0}", this.title), (signal, report) =>
      session.open({
        signal: AbortSignal.any([signal, this.#closing.signal]),
        onProgress: ({ stage, done, total }) => {
          const message = stageText(stage, done, total, vscode.l10n.t);
          report({ message, done, total });
          void this.#tellPage("progress", { stage: message, done, total });
        },
      }),
    ).finally(() => this.#tellPage("progress", null));
  }

  async #tellOpenFailure(session: EngineSession, error: unknown): Promise<void> {
    const source = await tellOpenFailure(this.#services, this.#source, error);
    if (source === undefined || this.#closing.signal.aborted || session !== this.#session) return;
    await this.show(source, this.#options);
  }

  async #watchFiles({ photo, masks }: SessionView): Promise<void> {
    this.#watch?.dispose();
    this.#watch = undefined;
    const paths = [photo.path, ...masks.map(({ path }) => path)];
    const watch = await watchFiles(paths, (path, change) => void this.#tellChange(path, change));
    if (this.#closing.signal.aborted) watch.dispose();
    else this.#watch = watch;
  }

  #tellChange(path: string, change: FileChange): Promise<void> {
    const name = vscode.workspace.asRelativePath(path);
    if (change === "deleted")
      return this.#notice("warning", vscode.l10n.t("{0} was deleted from disk.", name));
    const reload = { label: vscode.l10n.t("Reload"), command: RELOAD };
    return this.#notice("warning", vscode.l10n.t("{0} was changed on disk.", name), reload);
  }

  #notice(level: "info" | "warning" | "error", message: string, action?: NoticeAction): Promise<void> {
    return this.#tellPage("notice", { level, message, ...(action === undefined ? {} : { action }) });
  }

  /** A page that is hidden or gone answers nothing, and asks for everything when it is back. */
  async #tellPage<K extends keyof PageRequests>(method: K, params: PageRequests[K][0]): Promise<void> {
    if (this.#closing.signal.aborted) return;
    await this.#page.request(method, params, this.#closing.signal).catch((error: unknown) => {
      if (!this.#closing.signal.aborted) this.#services.log.debug(messageOf(error));
    });
  }

  /** Only the latest of refinements of the same regions goes on; its progress goes to the page. */
  async #refine(
    regions: readonly number[] | undefined,
    signal: AbortSignal,
    work: (session: EngineSession, options: EngineRequestOptions) => Promise<RegionUpdate>,
  ): Promise<RegionUpdate> {
    try {
      return await this.#unlessReplaced({ regions: [] }, (session) =>
        this.#refinements.run(regions, signal, (latest) =>
          work(session, {
            signal: latest,
            onProgress: ({ stage, done, total }) => {
              const message = stageText(stage, done, total, vscode.l10n.t);
              if (!latest.aborted) void this.#tellPage("progress", { stage: message, done, total });
            },
          }),
        ),
      );
    } finally {
      if (this.#refinements.isIdle) void this.#tellPage("progress", null);
    }
  }

  /** Regions go by numbers: an answer about another photo's would be taken for one about those on the page. */
  async #unlessReplaced<T>(nothing: T, work: (session: EngineSession) => Promise<T>): Promise<T> {
    const session = this.#session;
    try {
      const answer = await work(session);
      return session === this.#session ? answer : nothing;
    } catch (error) {
      if (session !== this.#session) return nothing;
      throw error;
    }
  }

  async #save(accepted: readonly number[]): Promise<{ message: string; saved: boolean }> {
    if (this.#source.journal !== undefined) return this.#decideAll(accepted);
    const scope = this.#scope();
    const output = this.#services.settings.output(scope);
    const kind = this.#options.output ?? output.kind;
    try {
      const saved = await saveMasks(this.#services, {
        session: this.#session,
        accepted,
        scope,
        output: { ...output, kind },
      });
      if (saved === undefined) return { message: vscode.l10n.t("Nothing was written."), saved: false };
      await this.#watch?.accept();
      this.#tellSaved(saved).catch((error) => this.#services.tellFailure(error));
      return { message: saved.message, saved: true };
    } catch (error) {
      this.#services.log.error(messageOf(error));
      return { message: withShortPaths(messageOf(error)), saved: false };
    }
  }

  /** The message outlives the preview, which may show something else by then. */
  async #tellSaved(saved: SavedMasks): Promise<void> {
    if ((await tellSaved(saved)) !== "restore") return;
    const { message, restored } = await this.#restoreFiles(saved.files.map(({ source }) => source));
    if (restored) void vscode.window.showInformationMessage(message);
    else void vscode.window.showWarningMessage(message);
  }

  async #restore(): Promise<{ message: string }> {
    const paths = this.#session.view?.masks.map(({ path }) => path) ?? [];
    if (paths.length === 0) throw new Error(vscode.l10n.t("The preview shows no masks yet."));
    const { message } = await this.#restoreFiles(paths);
    return { message };
  }

  async #restoreFiles(paths: readonly string[]): Promise<Restoration> {
    const results: Restoration[] = [];
    for (const path of paths) results.push(await restoreOriginal(this.#services, path));
    const restored = results.some((result) => result.restored);
    if (restored && !this.#closing.signal.aborted) {
      await this.#watch?.accept();
      await this.reload();
    }
    return { restored, message: results.map(({ message }) => message).join(" ") };
  }

  async #step(by: 1 | -1): Promise<null> {
    if (this.#source.journal !== undefined) await this.#review.step(this.#source.journal, by);
    return null;
  }

  async #decide(id: number, decision: PreviewRequests["decide"][0]["decision"]): Promise<null> {
    const view = this.#session.view;
    const region = view?.regions.find((region) => region.id === id);
    const file = region === undefined ? undefined : view?.masks[region.mask]?.path;
    if (region === undefined || file === undefined)
      throw new Error(vscode.l10n.t("Another photo is being opened: the decision was not noted."));
    if (this.#source.journal !== undefined)
      await this.#review.decide(this.#source.journal, { file, name: region.name }, decision);
    return null;
  }

  /** The results of a reviewed run follow decisions: there is nothing else to write. */
  async #decideAll(accepted: readonly number[]): Promise<{ message: string; saved: boolean }> {
    const regions = this.#session.view?.regions;
    if (regions === undefined)
      throw new Error(vscode.l10n.t("Another photo is being opened: the decision was not noted."));
    for (const { id } of regions) await this.#decide(id, accepted.includes(id) ? "accepted" : "rejected");
    const message = vscode.l10n.t("{0} of {1} regions are accepted.", accepted.length, regions.length);
    return { message, saved: true };
  }

  /** Only what a notice can have offered. */
  async #act(command: string): Promise<null> {
    if (command === RELOAD) await this.reload();
    else if (command === SHOW_LOG) this.#services.log.show();
    return null;
  }
}

/** For a page that shows another region by now. */
const NO_PICTURES: IterationPictures = {
  source: { box: undefined, runs: new Uint32Array() },
  candidates: [],
};

/** A region by its file and its name there. */
type NamedRegion = NonNullable<OpenPreviewOptions["region"]>;

function idOf({ masks, regions }: SessionView, named: NamedRegion): number | undefined {
  return regions.find(({ mask, name }) => name === named.name && masks[mask]?.path === named.file)?.id;
}

function idsOf(view: SessionView, named: readonly NamedRegion[]): number[] {
  return named.map((region) => idOf(view, region)).filter((id) => id !== undefined);
}
