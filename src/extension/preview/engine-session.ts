/** A photo with its masks, open in the engine: opened when needed, and again when the engine was restarted. */
import { isDeepStrictEqual } from "node:util";
import type { RegionUpdate } from "../../protocol/preview.ts";
import type {
  CandidateChoice,
  IterationPictures,
  MethodChoice,
  OwnPrompts,
  RegionView,
  SessionView,
} from "../../protocol/views.ts";
import {
  type Engine,
  type EngineAnswer,
  EngineError,
  type EngineParams,
  type EngineRequestOptions,
} from "../engine/mod.ts";
import { mergeUpdate } from "./merge-update.ts";

/** What is opened: parameters of `session/open` without the method. */
export type SessionSource = Omit<EngineParams<"session/open">, "method">;

type SessionMethod = Extract<keyof EngineAnswers, `session/${string}`>;
type EngineAnswers = { [K in Parameters<Engine["request"]>[0]]: EngineAnswer<K> };
type Params<K extends SessionMethod> = Omit<EngineParams<K>, "session">;

/** How a session is made. */
export interface EngineSessionOptions {
  readonly engine: Engine;
  readonly source: SessionSource;
  readonly method: MethodChoice;
  /** Called when the session was opened anew behind the caller's back: everything may look different. */
  readonly onReopened: (view: SessionView) => void;
}

/** One session; calls that need it open wait until it is. */
export class EngineSession {
  readonly #engine: Engine;
  readonly #source: SessionSource;
  readonly #onReopened: (view: SessionView) => void;
  #method: MethodChoice;
  #open: { readonly id: number; readonly pid: number | undefined } | undefined;
  #view: SessionView | undefined;
  #opening: Promise<SessionView> | undefined;
  #reopening: Promise<void> | undefined;
  readonly #closing = new AbortController();

  constructor({ engine, source, method, onReopened }: EngineSessionOptions) {
    this.#engine = engine;
    this.#source = source;
    this.#method = method;
    this.#onReopened = onReopened;
  }

  /** As it stands now; `undefined` before it was opened. */
  get view(): SessionView | undefined {
    return this.#view;
  }

  /** Opens it, or anew from the files as they are now; after an opening that is under way, which would stay open else. */
  async open(options: EngineRequestOptions): Promise<SessionView> {
    const before = this.#opening?.catch(() => undefined);
    const opening =
      before === undefined ? this.#openInEngine(options) : before.then(() => this.#openInEngine(options));
    this.#opening = opening;
    try {
      return await opening;
    } finally {
      if (this.#opening === opening) this.#opening = undefined;
    }
  }

  async #openInEngine(options: EngineRequestOptions): Promise<SessionView> {
    await this.#closeInEngine();
    const answer = await this.#engine.request(
      "session/open",
      { ...this.#source, method: this.#method },
      this.#untilClosed(options),
    );
    if (this.#closing.signal.aborted) {
      await this.#engine.request("session/close", { session: answer.session });
      throw this.#closing.signal.reason;
    }
    this.#open = { id: answer.session, pid: this.#engine.state.process?.pid };
    this.#view = answer.view;
    return answer.view;
  }

  async refine(
    method: MethodChoice,
    regions: readonly number[] | undefined,
    options: EngineRequestOptions,
  ): Promise<RegionUpdate> {
    const params = { method, ...(regions === undefined ? {} : { regions }) };
    const answer = await this.#request("session/refine", params, options);
    this.#method = answer.view.method;
    return this.#merge({ regions: answer.regions, ...answer.view });
  }

  async prompt(region: number, own: OwnPrompts, options: EngineRequestOptions): Promise<RegionUpdate> {
    const { regions, view } = await this.#request("session/prompt", { region, own }, options);
    return this.#merge({ regions, ...view });
  }

  async choose(
    region: number,
    choice: CandidateChoice | null,
    options: EngineRequestOptions,
  ): Promise<RegionUpdate> {
    return this.#merge(await this.#request("session/choose", { region, choice }, options));
  }

  pictures(region: number, iteration: number, options: EngineRequestOptions): Promise<IterationPictures> {
    return this.#request("session/pictures", { region, iteration }, options);
  }

  save(params: Params<"session/save">): Promise<EngineAnswers["session/save"]> {
    return this.#request("session/save", params, {});
  }

  /** Frees its memory in the engine; what is under way stops, but for saving, and later calls fail. */
  async close(): Promise<void> {
    this.#closing.abort(new DOMException("The preview was closed", "AbortError"));
    this.#view = undefined;
    await this.#closeInEngine();
  }

  #merge(update: RegionUpdate): RegionUpdate {
    if (this.#view !== undefined) this.#view = mergeUpdate(this.#view, update);
    return update;
  }

  /** An engine that was restarted has forgotten its sessions: then opens this one anew and asks once more. */
  async #request<K extends SessionMethod>(
    method: K,
    params: Params<K>,
    options: EngineRequestOptions,
  ): Promise<EngineAnswer<K>> {
    const seen = this.#view?.regions;
    // How that ends is told to whoever asked for it.
    await this.#opening?.catch(() => undefined);
    if (this.#reopening !== undefined || !this.#isOpen()) await this.#reopen();
    this.#assertSeen(method, seen);
    try {
      return await this.#ask(method, params, options);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      // After a crash it is not asked again: that may have been this very request's doing.
      if (error.kind !== "SessionError") throw error;
    }
    await this.#reopen();
    this.#assertSeen(method, seen);
    return this.#ask(method, params, options);
  }

  /**
   * Regions go by numbers, and a person agreed to what they saw.
   *
   * @throws {EngineError} when the files were opened anew and have other regions; for saving, also when they look different
   */
  #assertSeen(method: SessionMethod, seen: readonly RegionView[] | undefined): void {
    const now = this.#view?.regions;
    if (seen === undefined || now === undefined || now === seen) return;
    const names = this.#view?.masks.map(({ path }) => path).join(", ");
    if (!sameRegions(seen, now))
      throw new EngineError(
        "SessionError",
        `${names} was changed since it was opened: it is shown as it is now, and nothing was done`,
      );
    if (method === "session/save" && !isDeepStrictEqual(seen.map(outcome), now.map(outcome)))
      throw new EngineError(
        "SessionError",
        `${names} was opened anew, with another outcome, which is shown now: nothing was saved`,
      );
  }

  #ask<K extends SessionMethod>(
    method: K,
    params: Params<K>,
    options: EngineRequestOptions,
  ): Promise<EngineAnswer<K>> {
    const named = { ...params, session: this.#open?.id } as unknown as EngineParams<K>;
    // Files that are being written are written to the end, and told.
    return this.#engine.request(
      method,
      named,
      method === "session/save" ? options : this.#untilClosed(options),
    );
  }

  #untilClosed({ signal, ...options }: EngineRequestOptions): EngineRequestOptions {
    const closing = this.#closing.signal;
    return { ...options, signal: signal === undefined ? closing : AbortSignal.any([signal, closing]) };
  }

  /** Opens it anew with what a person did so far: once for all requests that wait for it, whichever of them is stopped. */
  #reopen(): Promise<void> {
    this.#reopening ??= this.#openAndRedo().finally(() => {
      this.#reopening = undefined;
    });
    return this.#reopening;
  }

  async #openAndRedo(): Promise<void> {
    const before = this.#view?.regions ?? [];
    await this.open({});
    if (sameRegions(before, this.#view?.regions ?? [])) for (const region of before) await this.#redo(region);
    if (this.#view !== undefined) this.#onReopened(this.#view);
  }

  async #redo({ id: region, own, choice }: RegionView): Promise<void> {
    if (own.points.length > 0 || own.box !== undefined) {
      const { regions } = await this.#ask("session/prompt", { region, own }, {});
      this.#merge({ regions });
    }
    if (choice !== undefined) this.#merge(await this.#ask("session/choose", { region, choice }, {}));
  }

  /** Sessions end with their process, and another process counts from the start. */
  #isOpen(): boolean {
    return this.#open !== undefined && this.#open.pid === this.#engine.state.process?.pid;
  }

  async #closeInEngine(): Promise<void> {
    const session = this.#isOpen() ? this.#open?.id : undefined;
    this.#open = undefined;
    if (session === undefined) return;
    await this.#engine.request("session/close", { session }).catch(() => undefined);
  }
}

/** Whether files have the same regions, under the same numbers. */
function sameRegions(before: readonly RegionView[], after: readonly RegionView[]): boolean {
  const identity = ({ mask, name, box, area }: RegionView): unknown => [mask, name, box, area];
  return isDeepStrictEqual(before.map(identity), after.map(identity));
}

/** What is seen of a region, and written when it is accepted. */
function outcome({ refined }: RegionView): unknown {
  return refined;
}
