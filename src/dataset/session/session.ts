/** An opened photo, its regions, and what is done to them. */
import type { IoUAdaptor } from "../../core/adaption/iou-adaptor.ts";
import { OptionError } from "../../core/errors.ts";
import { type Frame, frameOf } from "../../core/frame.ts";
import type { Photo } from "../../core/lab.ts";
import type { LabelMap } from "../../core/mask.ts";
import type { OwnPrompts } from "../../core/prompts/own-prompts.ts";
import { type MethodSettings, type PresetName, resolveSettings } from "../../core/settings.ts";
import { type BrowserPicture, encodeForBrowser } from "../../engine/browser-picture.ts";
import type { Engine } from "../../engine/engine.ts";
import { regionSettings } from "../../engine/refine-photo.ts";
import type { PhotoWork } from "../plan/dataset-plan.ts";
import { checkOwnPrompts } from "./check-own-prompts.ts";
import { Contest } from "./contest.ts";
import { decodePictures } from "./decode-pictures.ts";
import { restoreLogits } from "./kept-logits.ts";
import { newFile } from "./new-contents.ts";
import type { Outcome } from "./outcome.ts";
import { type RegionWish, refineRegions } from "./refine-regions.ts";
import type {
  CandidateChoice,
  DecodePictures,
  RefinementSession,
  SavedFile,
  SessionChange,
  SessionMask,
  SessionOptions,
  SessionRegion,
  SessionSaveOptions,
} from "./refinement-session.ts";
import { acceptedClaim, claimOf, type RegionState, viewOf } from "./region-state.ts";
import { saveFiles } from "./save-files.ts";
import type { LabelFile, SessionFile } from "./session-file.ts";
import { sameStretches } from "./stretches.ts";

/** What a session needs of an engine. */
export type SessionEngine = Pick<Engine, "encode" | "refine" | "device" | "model">;

/** Runs a call as long as the engine is open. */
export type SessionGuard = <T>(work: () => Promise<T>) => Promise<T>;

/** What was read. */
export interface SessionContent {
  readonly work: PhotoWork;
  readonly photo: Photo;
  readonly files: readonly SessionFile[];
  readonly regions: readonly RegionState[];
  readonly method: Method;
  /** The photo's own bytes where a browser can show them. */
  readonly picture?: BrowserPicture;
}

interface Method {
  readonly preset: PresetName;
  readonly changes: Partial<MethodSettings>;
  readonly settings: MethodSettings;
  readonly adaptor: IoUAdaptor | undefined;
}

/** What a call may bring. */
type Call = Pick<SessionChange, "signal" | "onProgress">;

/** {@link RefinementSession} over files. */
export class Session implements RefinementSession {
  readonly path: string;
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly masks: readonly SessionMask[];
  readonly device: string;
  readonly #engine: SessionEngine;
  readonly #guard: SessionGuard;
  readonly #frame: Frame;
  readonly #contests = new Map<number, Contest>();
  /** What was written by this session, sha256 by path; and values that were written in place, by file. */
  readonly #written = new Map<string, string>();
  readonly #saved = new Map<number, LabelMap["data"]>();
  #content: SessionContent | undefined;
  #method: Method;
  #embedding: Float32Array | undefined;
  #views: SessionRegion[] = [];
  #timings: RefinementSession["timings"] = NO_TIME;
  #last: Promise<unknown> = Promise.resolve();

  constructor(engine: SessionEngine, guard: SessionGuard, content: SessionContent) {
    const { work, photo, files, method } = content;
    this.path = work.photo;
    this.key = work.key;
    this.width = photo.width;
    this.height = photo.height;
    this.masks = files.map(({ view }) => view);
    this.device = engine.device;
    this.#engine = engine;
    this.#guard = guard;
    this.#frame = frameOf(photo.width, photo.height);
    this.#content = content;
    this.#method = method;
  }

  get photo(): RefinementSession["photo"] {
    const { width, height, data } = this.#open.photo;
    return { width, height, data, channels: 3 };
  }

  get regions(): readonly SessionRegion[] {
    return this.#views;
  }

  get settings(): MethodSettings {
    return this.#method.settings;
  }

  get timings(): RefinementSession["timings"] {
    return this.#timings;
  }

  /** Encodes the photo and refines everything for the first time. */
  async begin(identity: string, { signal, onProgress }: SessionOptions): Promise<void> {
    const started = performance.now();
    const { photo, regions } = this.#open;
    onProgress?.({ stage: "encode", regionsDone: 0, regionsTotal: 0 });
    signal?.throwIfAborted();
    const { embedding, encoderRuns } = await this.#engine.encode(photo, identity);
    this.#embedding = embedding;
    const encode = performance.now() - started;
    await this.#refineAll(regions.filter(isRefined), { ...call(signal, onProgress) });
    this.#views = regions.map((region) => viewOf(region, photo));
    this.#timings = { ...this.#timings, encode, encoderRuns, total: performance.now() - started };
  }

  picture(): Promise<BrowserPicture> {
    return this.#inTurn(async () => this.#open.picture ?? encodeForBrowser(this.#open.photo));
  }

  refine(change: SessionChange): Promise<readonly SessionRegion[]> {
    return this.#inTurn(async () => {
      const method = this.#changed(change);
      const wanted = change.regions?.map((id) => this.#region(id)) ?? this.#open.regions;
      const regions = [...new Set(wanted)].filter(isRefined);
      const changed = await this.#refineAll(regions, change, { settings: method.settings });
      this.#method = method;
      return changed;
    }, change.signal);
  }

  prompt(
    region: number,
    own: OwnPrompts,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<readonly SessionRegion[]> {
    return this.#inTurn(async () => {
      const state = this.#refinable(region);
      checkOwnPrompts(own, this.#open.photo);
      return this.#refineAll([state], options, { own });
    }, options.signal);
  }

  choose(region: number, choice: CandidateChoice | undefined): Promise<readonly SessionRegion[]> {
    return this.#inTurn(async () => {
      const state = this.#refinable(region);
      const started = performance.now();
      const outcome = choice && (await this.#take(state, choice));
      state.taken = choice && outcome && { choice, outcome };
      this.#timings = { ...NO_TIME, method: performance.now() - started, total: performance.now() - started };
      return this.#settle([state]);
    });
  }

  pictures(region: number, iteration: number): Promise<DecodePictures> {
    return this.#inTurn(async () => {
      const state = this.#refinable(region);
      const outcome = this.#outcome(state, iteration);
      return decodePictures(state, outcome, iteration, this.#frame);
    });
  }

  save({ accepted, target, overwrite = false }: SessionSaveOptions): Promise<readonly SavedFile[]> {
    return this.#inTurn(async () => {
      const { files, photo, regions } = this.#open;
      const ids = new Set(accepted.map((id) => this.#region(id).id));
      const results = [];
      for (const [i, file] of files.entries()) {
        const own = regions.filter((region) => region.file === i);
        results.push(await newFile({ file, regions: own, accepted: ids, saved: this.#saved.get(i) }, photo));
      }
      const contents = results.flatMap((result) => result.contents);
      const saved = await saveFiles(contents, target, overwrite, this.#written);
      if (target.kind === "in-place")
        for (const [i, { values }] of results.entries()) if (values !== undefined) this.#saved.set(i, values);
      return saved;
    });
  }

  async close(): Promise<void> {
    await this.#last;
    this.#content = undefined;
    this.#embedding = undefined;
    this.#contests.clear();
    this.#saved.clear();
    this.#views = [];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #open(): SessionContent {
    if (this.#content === undefined) throw new Error("The session is closed");
    return this.#content;
  }

  get #encoded(): { photo: Photo; embedding: Float32Array } {
    return { photo: this.#open.photo, embedding: this.#embedding! };
  }

  /** One call after the other: each starts from what the one before has left. */
  #inTurn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const turn = this.#last.then(() => {
      signal?.throwIfAborted();
      return this.#guard(work);
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  #changed({ preset, settings }: SessionChange): Method {
    const next = preset ?? this.#method.preset;
    const changes = settings ?? (preset === undefined ? this.#method.changes : {});
    const { adaptor } = this.#method;
    return {
      preset: next,
      changes,
      settings: resolveSettings(next, changes, adaptor !== undefined),
      adaptor,
    };
  }

  #region(id: number): RegionState {
    const { regions } = this.#open;
    const found = regions[id];
    if (found !== undefined) return found;
    throw new OptionError(
      `There is no region ${id}: expected a whole number from 0 to ${regions.length - 1}`,
    );
  }

  #refinable(id: number): RegionState {
    const region = this.#region(id);
    const { fixed, name } = region.read;
    if (fixed === undefined) return region;
    throw new OptionError(`Region ${name} cannot be refined: ${fixed.reason}`);
  }

  #outcome({ outcome, read }: RegionState, iteration: number): Outcome {
    const count = outcome?.traces.length ?? 0;
    if (outcome !== undefined && Number.isInteger(iteration) && iteration >= 0 && iteration < count)
      return outcome;
    throw new OptionError(`Region ${read.name} has no iteration ${iteration}: it has ${count}`);
  }

  /** Refines regions, all of them or none: an abort leaves everything as it was. */
  async #refineAll(
    regions: readonly RegionState[],
    { signal, onProgress }: Call,
    change: { readonly settings?: MethodSettings; readonly own?: OwnPrompts } = {},
  ): Promise<readonly SessionRegion[]> {
    const started = performance.now();
    const next = regions.map((region) => ({
      region,
      own: change.own ?? region.own,
      settings: change.settings === undefined ? region.settings : this.#settingsOf(region, change.settings),
    }));
    let done = 0;
    const report = (): void =>
      onProgress?.({ stage: "refine", regionsDone: done, regionsTotal: regions.length });
    report();
    const { outcomes, run } = await refineRegions(
      this.#engine,
      this.#encoded,
      next.map(({ region, own, settings }) => this.#wish(region, settings, own)),
      {
        signal,
        onRegion: () => {
          done++;
          report();
        },
      },
    );
    for (const [i, { region, own, settings }] of next.entries())
      Object.assign(region, { own, settings, outcome: outcomes[i]!, taken: undefined });
    const changed = this.#settle(regions);
    const { encodeMs: encode, decodeMs: decode, methodMs: method, encoderRuns, decoderRuns } = run;
    const total = performance.now() - started;
    this.#timings = { encode, decode, method, total, encoderRuns, decoderRuns };
    return changed;
  }

  #settingsOf({ file }: RegionState, settings: MethodSettings): MethodSettings {
    return regionSettings(this.#open.files[file]!.mode, settings);
  }

  #wish({ read, file }: RegionState, settings: MethodSettings, own: OwnPrompts): RegionWish {
    const asked = own.box !== undefined || (own.points?.length ?? 0) > 0;
    const { coarse } = read;
    const { adaptor } = this.#method;
    return { coarse, settings, adaptor, logits: this.#isContested(file), ...(asked ? { own } : {}) };
  }

  /** Whether regions of a file have to share its pixels. */
  #isContested(index: number): boolean {
    const file = this.#open.files[index]!;
    if (file.kind === "annotations") return false;
    return file.regions.length + file.rest.length > 1 || file.mask.ignoreLabel !== undefined;
  }

  async #take(state: RegionState, choice: CandidateChoice): Promise<Outcome> {
    const { candidates } = this.#outcome(state, choice.iteration).result.iterations[choice.iteration]!;
    const place = candidates.findIndex(({ token }) => token === choice.token);
    if (place < 0) {
      const tokens = candidates.map(({ token }) => token).join(", ");
      throw new OptionError(`There is no candidate of token ${choice.token}: expected one of ${tokens}`);
    }
    const taken = restoreLogits(state.outcome!.traces[choice.iteration]!.candidates[place]!);
    const wish = { ...this.#wish(state, state.settings, {}), taken };
    return (await refineRegions(this.#engine, this.#encoded, [wish], {})).outcomes[0]!;
  }

  /** Takes over what regions ask for now; says which regions are others than before. */
  #settle(regions: readonly RegionState[]): readonly SessionRegion[] {
    const changed = new Set(regions.map(({ id }) => id));
    const { files, photo } = this.#open;
    for (const [index, file] of files.entries()) {
      const own = regions.filter((region) => region.file === index);
      if (own.length === 0) continue;
      if (file.kind === "labels") for (const id of this.#contest(index, file, own)) changed.add(id);
      else for (const region of own) region.refined = acceptedClaim(region)?.stretches ?? region.read.coarse;
    }
    const sorted = [...changed].sort((a, b) => a - b);
    return sorted.map((id) => {
      const view = viewOf(this.#open.regions[id]!, photo);
      this.#views[id] = view;
      return view;
    });
  }

  /** Gives the pixels of a mask file out anew; returns ids of regions that won or lost some. */
  #contest(index: number, file: LabelFile, touched: readonly RegionState[]): number[] {
    const own = this.#open.regions.filter((region) => region.file === index);
    const known = this.#contests.get(index);
    const changes = new Map(touched.map((region) => [region.place, claimOf(region)]));
    const contest =
      known ??
      new Contest(file.map, file.mask.ignoreLabel, [
        ...own.map(claimOf),
        ...file.rest.map(({ claim }) => claim),
      ]);
    this.#contests.set(index, contest);
    const places = known === undefined ? new Set(own.keys()) : known.change(changes);
    return own.flatMap((region) => {
      if (!places.has(region.place)) return [];
      const won = contest.won(region.place);
      if (sameStretches(won, region.refined)) return [];
      region.refined = sameStretches(won, region.read.coarse) ? region.read.coarse : won;
      return [region.id];
    });
  }
}

const NO_TIME = { encode: 0, decode: 0, method: 0, total: 0, encoderRuns: 0, decoderRuns: 0 };

function isRefined({ read }: RegionState): boolean {
  return read.fixed === undefined;
}

function call(signal: Call["signal"], onProgress: Call["onProgress"]): Call {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
}
