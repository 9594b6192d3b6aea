/** The runs under review: opened once, with the decisions that wait, and the region at hand. */
import * as vscode from "vscode";
import type { ReviewRegion, ReviewView } from "../../protocol/engine.ts";
import { EngineError } from "../engine/mod.ts";
import type { Services } from "../services.ts";
import { assertTrusted } from "./assert-trusted.ts";
import { DecisionQueue, type PendingDecision, type SendOutcome } from "./decision-queue.ts";
import { knownJournals } from "./known-journals.ts";
import {
  groupByPhoto,
  NO_FILTER,
  type ReviewFilter,
  regionId,
  shownRegions,
  withDecisions,
} from "./review-model.ts";

const WAITING_KEY = "samrefiner.review.waiting";
const DELAY_MS = 700;
/** A run that works with the journal takes a while. */
const RETRY_MS = 10_000;

/** A region of a run. */
export interface CurrentRegion {
  readonly journal: string;
  /** See `regionId`. */
  readonly id: string;
}

/** What the tree, the commands and the preview share. */
export class ReviewStore implements vscode.Disposable {
  readonly #services: Services;
  readonly #views = new Map<string, Promise<ReviewView>>();
  readonly #opened = new Map<string, ReviewView>();
  #journals: Promise<string[]> | undefined;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #moved = new vscode.EventEmitter<void>();
  readonly #grouped: () => boolean;
  readonly #queue: DecisionQueue;
  /** Journals that could not be written to, as was told. */
  readonly #busy = new Set<string>();
  #filter: ReviewFilter = NO_FILTER;
  #journal: string | undefined;
  #region: CurrentRegion | undefined;

  /** Fires when anything that is listed may be different. */
  readonly onChange: vscode.Event<void> = this.#changed.event;
  /** Fires when another run or region is at hand. */
  readonly onMove: vscode.Event<void> = this.#moved.event;

  /** @param grouped whether regions are listed below their photos */
  constructor(services: Services, grouped: () => boolean) {
    this.#services = services;
    this.#grouped = grouped;
    const { workspaceState } = services.context;
    this.#queue = new DecisionQueue({
      delay: DELAY_MS,
      retryDelay: RETRY_MS,
      send: (journal, batch) => this.#send(journal, batch),
      keep: (waiting) => void workspaceState.update(WAITING_KEY, waiting),
    });
    // What an earlier window did not come to write.
    const waiting = workspaceState.get<Record<string, PendingDecision[]>>(WAITING_KEY) ?? {};
    for (const [journal, decisions] of Object.entries(waiting)) this.#queue.add(journal, decisions);
  }

  get filter(): ReviewFilter {
    return this.#filter;
  }

  set filter(filter: ReviewFilter) {
    this.#filter = filter;
    this.#changed.fire();
  }

  /** The run that commands without a choice are about. */
  get journal(): string | undefined {
    return this.#journal;
  }

  /** The region at hand. */
  get region(): CurrentRegion | undefined {
    return this.#region;
  }

  /** Looked for once: the tree asks with every decision, and a workspace can be large. */
  journals(): Promise<string[]> {
    this.#journals ??= knownJournals(this.#services.context);
    return this.#journals;
  }

  /** A run with every decision so far; read from its journal once. */
  async open(journal: string): Promise<ReviewView> {
    const known = this.#views.get(journal) ?? this.#read(journal);
    this.#views.set(journal, known);
    const view = await known;
    return this.#withWaiting(this.#opened.get(journal) ?? view);
  }

  /** The run, where it has been opened before. */
  opened(journal: string): ReviewView | undefined {
    const view = this.#opened.get(journal);
    return view && this.#withWaiting(view);
  }

  /** The regions of a run that are shown, as they are listed. */
  async shown(journal: string): Promise<ReviewRegion[]> {
    const regions = shownRegions(await this.open(journal), this.#filter);
    return this.#grouped() ? groupByPhoto(regions).flatMap((group) => group.regions) : regions;
  }

  /** Makes a run, or a region of it, the one at hand. */
  select(journal: string, region?: ReviewRegion): void {
    this.#journal = journal;
    this.#region = region && { journal, id: regionId(region) };
    this.#moved.fire();
  }

  /**
   * Notes decisions; they are written a moment later.
   *
   * @throws {Error} in a workspace that is not trusted
   */
  decide(journal: string, decisions: readonly PendingDecision[]): void {
    if (decisions.length === 0) return;
    assertTrusted();
    this.#queue.add(journal, decisions);
    this.#changed.fire();
  }

  /** Writes what waits, for what needs it on disk. */
  async settle(journal: string): Promise<void> {
    await this.#queue.flush(journal);
  }

  /** Reads runs again when they are asked for. */
  refresh(): void {
    this.#journals = undefined;
    this.#views.clear();
    this.#opened.clear();
    this.#changed.fire();
  }

  dispose(): void {
    this.#queue.dispose();
    this.#changed.dispose();
    this.#moved.dispose();
  }

  async #read(journal: string): Promise<ReviewView> {
    try {
      const view = await this.#services.engine.request("review/open", { journal });
      this.#opened.set(journal, view);
      return view;
    } catch (error) {
      this.#views.delete(journal);
      throw error;
    }
  }

  #withWaiting(view: ReviewView): ReviewView {
    const waiting = this.#queue.waiting(view.journal);
    return waiting.length === 0 ? view : withDecisions(view, waiting);
  }

  async #send(journal: string, batch: readonly PendingDecision[]): Promise<SendOutcome> {
    const { engine, log, tellFailure } = this.#services;
    try {
      const { written, failures } = await engine.request("review/decide", { journal, decisions: batch });
      log.info(vscode.l10n.t("{0} decisions noted, {1} files written.", batch.length, written.length));
      if (failures.length === 0) this.#take(journal, batch);
      else await this.#refused(journal, failures);
      this.#busy.delete(journal);
      return "done";
    } catch (error) {
      const outcome = outcomeOf(error);
      // Trying again by itself, it would say the same every few seconds.
      if (!this.#busy.has(journal)) void tellFailure(error);
      if (outcome === "soon") this.#busy.add(journal);
      else this.#busy.delete(journal);
      return outcome;
    }
  }

  #take(journal: string, batch: readonly PendingDecision[]): void {
    const view = this.#opened.get(journal);
    if (view !== undefined) this.#opened.set(journal, withDecisions(view, batch));
  }

  /** The journal knows which of them were taken. */
  async #refused(journal: string, failures: readonly { readonly message: string }[]): Promise<void> {
    for (const { message } of failures) this.#services.log.error(message);
    const [first] = failures;
    this.#views.delete(journal);
    this.#opened.delete(journal);
    this.#changed.fire();
    const rest = failures.length - 1;
    const more = rest > 0 ? ` ${vscode.l10n.t("{0} other files were refused, too.", rest)}` : "";
    void this.#services.tellFailure(new Error(`${first?.message ?? ""}${more}`));
  }
}

/** A journal that cannot be read, or does not know a region, will not do better later; a busy one will. */
function outcomeOf(error: unknown): SendOutcome {
  if (!(error instanceof EngineError)) return "later";
  if (error.kind === "InputError") return "done";
  return error.kind === "OutputError" ? "soon" : "later";
}
