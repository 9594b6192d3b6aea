/** The refinement of one region: excavate, decode, select, accept, and again. */
import {
  boundaryContrast,
  type ContrastView,
  contrastView,
  logitContrast,
  type MaskWindow,
  windowContrast,
} from "../core/boundary-contrast.ts";
import { alignEdges, alignedMask, edgeMargin } from "../core/edges/align-edges.ts";
import { type Frame, frameOf, LOW_RES_SIZE } from "../core/frame.ts";
import { grownMask } from "../core/growth/grown-mask.ts";
import { GROWTH_ROUNDS, growthGate, SETTLED } from "../core/growth/growth-gate.ts";
import type { Photo } from "../core/lab.ts";
import { type Mask, maskArea, maskBox } from "../core/mask.ts";
import { excavate, type Prompts } from "../core/prompts/excavate.ts";
import { lowResMask } from "../core/prompts/gaussian-mask.ts";
import { addOwnPrompts, type OwnPrompts } from "../core/prompts/own-prompts.ts";
import type { Window } from "../core/resample.ts";
import { gridIoU, scoreTokens, selectToken, type TokenScore } from "../core/selection.ts";
import type { MethodSettings } from "../core/settings.ts";
import { positiveWindow, upscaleLogits, upscaleMask } from "../core/upscale.ts";
import type { Decoded } from "./decoder.ts";
import { agreeingTokens, seedMask } from "./own-seed.ts";

const CELLS = LOW_RES_SIZE * LOW_RES_SIZE;

/** A photo ready for refinement. */
export interface EncodedPhoto {
  readonly photo: Photo;
  /** `Float32Array [256, 64, 64]`. */
  readonly embedding: Float32Array;
}

/** One candidate of an iteration, with its photo-sized mask or its logits when asked for. */
export interface CascadeCandidate extends TokenScore {
  /** Whether it was taken. */
  readonly chosen: boolean;
  /** Of the photo's size. */
  readonly mask?: Mask;
  /** `Float32Array [256, 256]`. */
  readonly lowRes?: Float32Array;
}

/** What one decode did. */
export interface CascadeIteration {
  /**
   * The mask that the prompts came from. In the cascade's own iterations the coarse mask or the best one so far; in those
   * of growth a grown mask, which is not judged itself, or what SAM made of it in the iteration before.
   */
  readonly source: "coarse" | "best" | "grown" | "previous";
  /** That mask, in photo pixels; only when explaining. */
  readonly sourceMask?: Mask;
  /** What SAM was told. */
  readonly prompts: Prompts;
  /** What SAM answered. */
  readonly candidates: readonly CascadeCandidate[];
  /** Boundary contrast of the chosen candidate, with the gate. */
  readonly contrast?: number;
  /** Whether the chosen candidate replaced the best mask so far. */
  readonly accepted: boolean;
}

/** Replaced, kept by the gate, or nothing to do (empty or full). */
export type Verdict = "refined" | "kept" | "unchanged";

/** What a refined region looks like, in a window of the photo. */
export interface RefinedWindow extends MaskWindow {
  /** `Float32Array [y1 - y0, x1 - x0]`; only when the caller pastes regions into one map. */
  readonly logits?: Float32Array;
}

/** The outcome for one region. */
export interface CascadeResult {
  readonly verdict: Verdict;
  readonly reason?: string;
  /** Absent when the region stays as it is. */
  readonly refined?: RefinedWindow;
  readonly refinedArea: number;
  /** IoU of the result with the coarse region, 0..1. */
  readonly coarseIoU: number;
  readonly predictedIoU?: number;
  /** Boundary contrast of the coarse region, with the gate; what candidates are measured against. */
  readonly coarseContrast?: number;
  readonly iterations: readonly CascadeIteration[];
}

/** One region to refine. */
export interface CascadeTask {
  readonly mask: Mask;
  readonly settings: MethodSettings;
  /**
   * Keep candidates' masks and mask prompts, for explanations. `logits` keeps what those can be made from in less memory:
   * the candidates' low-res logits, and the source mask where it was grown.
   */
  readonly explain: boolean | "logits";
  /** Return logits, for pasting several regions into one map. */
  readonly logits: boolean;
  /** Prompts of a person. Their outcome is what the person wants: no gate, no growth. */
  readonly own?: OwnPrompts;
  /** `Float32Array [256, 256]` logits that a person chose: taken without a decode, and without the gate. */
  readonly taken?: Float32Array;
}

/** What one decode proposes. */
interface Hypothesis {
  /** Photo-sized; made when it is first asked for. */
  readonly mask: () => Mask;
  readonly contrast: number;
  readonly predictedIoU?: number;
  /** `Float32Array [256, 256]`; absent for the coarse mask. */
  readonly lowRes?: Float32Array;
}

/** A hypothesis out of the decoder. */
type Decode = Required<Hypothesis>;

/** A decode and its place in the iterations. */
type Recorded = Decode & { readonly index: number };

/** A mask that may be grown. */
interface Growable {
  readonly mask: () => Mask;
  /** `[256, 256]`, positive inside. */
  readonly lowRes: Float32Array | Uint8Array;
}

/** What a decode's prompts are excavated from. */
interface PromptSource {
  readonly mask: Mask;
  readonly source: CascadeIteration["source"];
  /** Picks the margin of the box. */
  readonly step: number;
  /** Logits given instead of the Gaussian mask. */
  readonly feed?: Float32Array | undefined;
}

/**
 * The state of one region's refinement. The caller decodes: `prompts()` asks for a decode while there is one to
 * do, `accept()` takes its answer, `finish()` gives the result. So one caller may drive many regions in lockstep
 * batches, another one region a thread.
 */
export class Cascade {
  readonly #photo: Photo;
  readonly #embedding: Float32Array;
  readonly #frame: Frame;
  readonly #settings: MethodSettings;
  readonly #task: CascadeTask;
  readonly #coarse: Mask;
  readonly #view: ContrastView | undefined;
  readonly #iterations: CascadeIteration[] = [];
  readonly #coarseContrast: number;
  readonly #untouched: string | undefined;
  readonly #steps: Generator<Prompts, CascadeResult, Decoded>;
  /** What the first prompts come from. */
  #start: "coarse" | "grown" = "coarse";
  #best: Hypothesis;
  #next: IteratorResult<Prompts, CascadeResult> | undefined;

  constructor({ photo, embedding }: EncodedPhoto, task: CascadeTask) {
    const { mask: coarse } = task;
    const settings = settingsOf(task);
    this.#photo = photo;
    this.#embedding = embedding;
    this.#frame = frameOf(photo.width, photo.height);
    this.#settings = settings;
    this.#task = task;
    this.#coarse = coarse;
    const area = maskArea(coarse);
    this.#untouched =
      area === 0
        ? "the mask is empty"
        : area === coarse.data.length && task.own === undefined
          ? "the mask covers the whole photo"
          : undefined;
    this.#view =
      settings.gate === "contrast" && this.#untouched === undefined
        ? contrastView(photo, maskBox(coarse)!)
        : undefined;
    this.#coarseContrast = this.#contrast(coarse);
    this.#best = { mask: () => coarse, contrast: this.#coarseContrast };
    this.#steps = this.#refine();
  }

  /** Prompts of the next decode, or `undefined` when none is left. */
  prompts(): Prompts | undefined {
    this.#next ??= this.#steps.next();
    return this.#next.done ? undefined : this.#next.value;
  }

  /** Takes the decoder's answer to the last prompts. */
  accept(decoded: Decoded): void {
    this.#next = this.#steps.next(decoded);
  }

  /** The result; call when `prompts()` has none left. */
  finish(): CascadeResult {
    if (this.#next?.done !== true) throw new Error("The cascade has decodes left to do");
    return this.#next.value;
  }

  *#refine(): Generator<Prompts, CascadeResult, Decoded> {
    if (this.#task.taken !== undefined) return this.#takenAsItIs(this.#task.taken);
    if (this.#untouched !== undefined) return this.#left("unchanged", this.#untouched);
    yield* this.#seed();
    for (let i = 0; i < this.#settings.iterations; i++) yield* this.#iterate(i);
    if (this.#settings.growth !== "none") yield* this.#grow();
    return this.#outcome();
  }

  /** Puts what own prompts describe in the coarse mask's place. */
  *#seed(): Generator<Prompts, void, Decoded> {
    const { own } = this.#task;
    if (own === undefined) return;
    const source = { coarse: this.#coarse, own, frame: this.#frame, settings: this.#settings };
    const seed = yield* seedMask(source);
    if (seed === undefined) return;
    this.#best = { mask: () => seed, contrast: 0 };
    this.#start = "grown";
  }

  /** One cascade iteration (section 3.2): the candidate replaces the best mask if the gate lets it. */
  *#iterate(iteration: number): Generator<Prompts, void, Decoded> {
    const { mask, contrast, lowRes } = this.#best;
    const candidate = yield* this.#hypothesis({
      mask: mask(),
      source: lowRes === undefined ? this.#start : "best",
      step: iteration,
      feed: this.#settings.feedLogits ? lowRes : undefined,
    });
    const accepted =
      this.#view === undefined
        ? maskArea(candidate.mask()) > 0
        : candidate.contrast > contrast * (iteration === 0 ? 1 : this.#settings.stepGain);
    if (accepted) this.#take(candidate);
  }

  /**
   * Two larger hypotheses for a coarse mask that misses parts: what looks like it in embedding space is added to the
   * mask, then what looks like the outcome. Of those that pass the growth gate the better one replaces the best mask.
   */
  *#grow(): Generator<Prompts, void, Decoded> {
    const best = this.#best;
    // Without contrast there is nothing that a larger mask could be held to.
    if (best.lowRes === undefined || this.#view === undefined) return;
    const coarse = lowResMask(this.#coarse, this.#frame);
    if (gridIoU(best.lowRes, coarse) > SETTLED) return;
    const gate = growthGate(this.#embedding, this.#frame, coarse, this.#coarseContrast, best as Decode);
    let winner: { candidate: Recorded; score: number } | undefined;
    let from: Growable = { mask: () => this.#coarse, lowRes: coarse };
    for (let round = 0; round < GROWTH_ROUNDS; round++) {
      const grown = grownMask(this.#embedding, from.lowRes, coarse, from.mask(), this.#frame);
      const candidate = grown && (yield* this.#decodeTwice(grown));
      if (candidate === undefined) break;
      const score = gate(candidate);
      if (score !== undefined && score > (winner?.score ?? -Infinity)) winner = { candidate, score };
      from = candidate;
    }
    if (winner !== undefined) this.#take(winner.candidate);
  }

  /** The mask that SAM makes of what it makes of a mask; `undefined` when either is empty. */
  *#decodeTwice(grown: Mask): Generator<Prompts, Recorded | undefined, Decoded> {
    if (isEmpty(grown)) return undefined;
    const first = yield* this.#hypothesis({ mask: grown, source: "grown", step: 0 });
    if (isEmpty(first.mask())) return undefined;
    return yield* this.#hypothesis({ mask: first.mask(), source: "previous", step: 1 });
  }

  /** Prompts from a mask, and the token chosen from the decoder's answer. */
  *#hypothesis({ mask, source, step, feed }: PromptSource): Generator<Prompts, Recorded, Decoded> {
    const { own, explain } = this.#task;
    const excavated = excavate(mask, this.#embedding, this.#frame, this.#settings, step);
    const found = own === undefined ? excavated : addOwnPrompts(excavated, own);
    const prompts = feed === undefined ? found : { ...found, maskLogits: feed };
    const decoded = yield prompts;
    const scores = scoreTokens(
      decoded.lowRes,
      decoded.predictedIoU,
      lowResMask(mask, this.#frame),
      this.#settings.tokens,
    );
    const eligible =
      own?.points === undefined ? scores : agreeingTokens(scores, decoded.lowRes, own.points, this.#frame);
    const chosen = selectToken(eligible, this.#settings);
    const lowRes = tokenLogits(decoded, chosen.token);
    const contrast = this.#candidateContrast(lowRes);
    const { maskLogits: _, ...lightPrompts } = prompts;
    const index =
      this.#iterations.push({
        source,
        ...(explain === true || (explain === "logits" && source === "grown") ? { sourceMask: mask } : {}),
        prompts: explain === true ? prompts : lightPrompts,
        candidates: scores.map((score) => this.#candidate(score, score.token === chosen.token, decoded)),
        ...(this.#view === undefined ? {} : { contrast }),
        accepted: false,
      }) - 1;
    return {
      mask: once(() => this.#photoMask(lowRes)),
      contrast,
      predictedIoU: chosen.predictedIoU,
      lowRes,
      index,
    };
  }

  #take({ index, ...candidate }: Recorded): void {
    this.#best = candidate;
    this.#iterations[index] = { ...this.#iterations[index]!, accepted: true };
  }

  #takenAsItIs(lowRes: Float32Array): CascadeResult {
    this.#best = { mask: () => this.#photoMask(lowRes), contrast: 0, lowRes };
    return this.#outcome();
  }

  #outcome(): CascadeResult {
    const { lowRes, predictedIoU } = this.#best;
    if (lowRes === undefined)
      return this.#left("kept", this.#view === undefined ? "SAM found no object" : NO_BETTER);
    const refined = this.#finalWindow(lowRes);
    if (refined === undefined) return this.#left("kept", NO_BETTER);
    return {
      verdict: "refined",
      refined,
      ...agreement(refined, this.#coarse),
      ...(predictedIoU === undefined ? {} : { predictedIoU }),
      ...this.#measure(),
      iterations: this.#iterations,
    };
  }

  #left(verdict: Verdict, reason: string): CascadeResult {
    return {
      verdict,
      reason,
      refinedArea: maskArea(this.#coarse),
      coarseIoU: 1,
      ...this.#measure(),
      iterations: this.#iterations,
    };
  }

  #measure(): { coarseContrast?: number } {
    return this.#view === undefined ? {} : { coarseContrast: this.#coarseContrast };
  }

  /** The mask in photo pixels: with the edge step, without it, or none, as the gate lets pass. */
  #finalWindow(lowRes: Float32Array): RefinedWindow | undefined {
    const aligns = this.#settings.edges === "colour";
    const window = positiveWindow(lowRes, this.#frame, aligns ? edgeMargin(this.#frame) : 0);
    if (window === undefined) return undefined;
    for (const aligned of aligns ? [true, false] : [false]) {
      const found = this.#task.logits
        ? this.#windowLogits(lowRes, window, aligned)
        : this.#windowMask(lowRes, window, aligned);
      if (this.#passes(found)) return found;
    }
    return undefined;
  }

  #windowLogits(lowRes: Float32Array, window: Window, aligned: boolean): RefinedWindow {
    const plain = upscaleLogits(lowRes, this.#frame, this.#settings.upscale, window);
    const { data } = aligned ? alignEdges(this.#photo, lowRes, plain, this.#frame) : plain;
    const mask = new Uint8Array(data.length);
    for (let i = 0; i < data.length; i++) if (data[i]! > 0) mask[i] = 1;
    return { ...window, mask, logits: data };
  }

  #windowMask(lowRes: Float32Array, window: Window, aligned: boolean): RefinedWindow {
    const { upscale } = this.#settings;
    if (aligned) return { ...window, mask: alignedMask(this.#photo, lowRes, this.#frame, upscale, window) };
    const { width, height, data } = this.#photoMask(lowRes);
    return { x0: 0, y0: 0, x1: width, y1: height, mask: data };
  }

  /** The gate: the result must separate colours better than the coarse mask, by ρ if asked. */
  #passes(refined: RefinedWindow): boolean {
    if (this.#view === undefined) return true;
    const contrast = windowContrast(this.#view, refined);
    return contrast > this.#coarseContrast && contrast >= this.#settings.strictness * this.#coarseContrast;
  }

  #contrast(mask: Mask): number {
    return this.#view === undefined ? 0 : boundaryContrast(this.#view, mask);
  }

  #candidateContrast(lowRes: Float32Array): number {
    if (this.#view === undefined) return 0;
    return logitContrast(this.#view, lowRes, this.#frame, this.#settings.upscale);
  }

  #photoMask(lowRes: Float32Array): Mask {
    return upscaleMask(lowRes, this.#frame, this.#settings.upscale);
  }

  #candidate(score: TokenScore, chosen: boolean, decoded: Decoded): CascadeCandidate {
    const { explain } = this.#task;
    const lowRes = tokenLogits(decoded, score.token);
    return {
      ...score,
      chosen,
      ...(explain === true ? { mask: this.#photoMask(lowRes) } : {}),
      ...(explain === "logits" ? { lowRes } : {}),
    };
  }
}

/** What a person decided is not held against the photo's colours. */
function settingsOf({ settings, own, taken }: CascadeTask): MethodSettings {
  return own === undefined && taken === undefined ? settings : { ...settings, gate: "none", growth: "none" };
}

function isEmpty({ data }: Mask): boolean {
  return !data.includes(1);
}

/** Calls `make` when the value is first wanted. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const NO_BETTER = "no candidate separates colours better than the coarse mask";

/** Area of a windowed mask and its IoU with the coarse mask. */
function agreement(
  { mask, ...window }: RefinedWindow,
  coarse: Mask,
): { refinedArea: number; coarseIoU: number } {
  let area = 0;
  let both = 0;
  for (let y = window.y0, i = 0; y < window.y1; y++) {
    for (let x = window.x0; x < window.x1; x++, i++) {
      if (mask[i] === 0) continue;
      area++;
      both += coarse.data[y * coarse.width + x]!;
    }
  }
  return { refinedArea: area, coarseIoU: both / (area + maskArea(coarse) - both) };
}

function tokenLogits({ lowRes }: Decoded, token: number): Float32Array {
  return lowRes.subarray(token * CELLS, (token + 1) * CELLS);
}
