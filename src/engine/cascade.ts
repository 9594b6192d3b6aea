/** The refinement of one region: excavate, decode, select, accept, and again. */
import type { IoUAdaptor } from "../core/adaption/iou-adaptor.ts";
import { logitContrast, windowContrast } from "../core/boundary-contrast.ts";
import type { ContrastView } from "../core/contrast-view.ts";
import { refineByCRF } from "../core/crf/refine-by-crf.ts";
import { alignEdges, alignedMask, edgeMargin } from "../core/edges/align-edges.ts";
import { type Frame, frameOf, LOW_RES_SIZE } from "../core/frame.ts";
import { overlapCoefficient } from "../core/gate/overlap-coefficient.ts";
import { GROWTH_ROUNDS, growthGate, SETTLED } from "../core/growth/growth-gate.ts";
import { lookalikes } from "../core/growth/lookalikes.ts";
import type { Photo } from "../core/lab.ts";
import { type Mask, maskArea } from "../core/mask.ts";
import { excavateOnce, type Prompts, withMargin } from "../core/prompts/excavate.ts";
import { lowResMask } from "../core/prompts/gaussian-mask.ts";
import { addOwnPrompts, type OwnPrompts } from "../core/prompts/own-prompts.ts";
import { promptFrame, promptsIn } from "../core/prompts/prompt-frame.ts";
import { logitShape, maskShape, type Shape, shapeMask, unionShape } from "../core/prompts/shape.ts";
import type { Window } from "../core/resample.ts";
import { scratchZeros } from "../core/scratch.ts";
import {
  gridIoU,
  type SelectionPolicy,
  scoreTokens,
  selectionPolicy,
  selectToken,
  type TokenScore,
} from "../core/selection.ts";
import type { MethodSettings } from "../core/settings.ts";
import { positiveWindow, upscaleLogits, upscaleMask } from "../core/upscale.ts";
import type { MaskWindow } from "../core/view-mask.ts";
import { adaptDecoded } from "./adapt-decoded.ts";
import { agreementOf } from "./agreement.ts";
import { baselineSettings } from "./baselines/baseline-settings.ts";
import { type GridRule, gridMask } from "./baselines/grid-mask.ts";
import { type CoarseFacts, coarseFacts } from "./coarse-facts.ts";
import { combineHq } from "./combine-hq.ts";
import type { Decoded } from "./decoder.ts";
import { agreeingTokens, seedMask } from "./own-seed.ts";

const CELLS = LOW_RES_SIZE * LOW_RES_SIZE;

/** A photo ready for refinement. */
export interface EncodedPhoto {
  readonly photo: Photo;
  /** `Float32Array [256, 64, 64]`, followed by what else the model's decoder takes. */
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
  /** How one of them was chosen; absent where a grid of points was asked. */
  readonly selection?: SelectionPolicy;
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
  /** The part of the photo that was encoded again for the last look; absent where that was not done, or changed nothing. */
  readonly crop?: Window;
}

/** One region to refine. */
export interface CascadeTask {
  readonly mask: Mask;
  readonly settings: MethodSettings;
  /**
   * Keep mask prompts and candidates' masks, for explanations. `logits` keeps what masks can be made from in less memory:
   * the candidates' low-res logits, and the source mask where it was grown.
   */
  readonly explain: boolean | "logits";
  /** Return logits, for pasting several regions into one map. */
  readonly logits: boolean;
  /** Scores candidates anew, for policies that go by it. */
  readonly adaptor?: IoUAdaptor | undefined;
  /** Prompts of a person. Their outcome is what the person wants: no gate, no growth. */
  readonly own?: OwnPrompts;
  /** `Float32Array [256, 256]` logits that a person chose: taken without a decode, and without the gate. */
  readonly taken?: Float32Array;
}

/** What one decode proposes. */
interface Hypothesis {
  readonly shape: Shape;
  readonly contrast: number;
  readonly predictedIoU?: number;
  readonly stability?: number;
  /** `Float32Array [256, 256]`; absent for the coarse mask. */
  readonly lowRes?: Float32Array;
}

/** A hypothesis out of the decoder. */
type Decode = Required<Hypothesis>;

/** A decode and its place in the iterations. */
type Recorded = Decode & { readonly index: number };

/** A mask that may be grown. */
interface Growable {
  readonly shape: Shape;
  /** `[256, 256]`, positive inside. */
  readonly lowRes: Float32Array | Uint8Array;
}

/** What a decode's prompts are excavated from. */
interface PromptSource {
  readonly shape: Shape;
  readonly source: CascadeIteration["source"];
  /** Picks the margin of the box. */
  readonly step: number;
  /** Logits given instead of the Gaussian mask. */
  readonly feed?: Float32Array | undefined;
}

/** What a shape gives in every iteration. */
interface Found {
  /** The box before its margin. */
  readonly prompts: Prompts;
  /** `Uint8Array [256, 256]`, 0 or 1: the shape on the decoder's grid. */
  readonly cells: Uint8Array;
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
  readonly #coarseArea: number;
  readonly #found = new WeakMap<Shape, Found>();
  readonly #facts: CoarseFacts;
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
    this.#coarseArea = maskArea(coarse);
    this.#untouched =
      this.#coarseArea === 0
        ? "the mask is empty"
        : this.#coarseArea === coarse.data.length && task.own === undefined
          ? "the mask covers the whole photo"
          : undefined;
    this.#facts = coarseFacts({ photo, embedding }, coarse);
    const isGated = settings.gate === "contrast" && this.#untouched === undefined;
    this.#view = isGated ? this.#facts.view : undefined;
    this.#coarseContrast = isGated ? this.#facts.contrast : 0;
    this.#best = { shape: maskShape(coarse), contrast: this.#coarseContrast };
    this.#steps = this.#refine();
  }

  /** Prompts of the next decode, or `undefined` when none is left. */
  prompts(): Prompts | undefined {
    this.#next ??= this.#steps.next();
    return this.#next.done ? undefined : this.#next.value;
  }

  /** Takes the decoder's answer to the last prompts. */
  accept(decoded: Decoded): void {
    this.#next = this.#steps.next(adaptDecoded(combineHq(decoded, this.#settings.hq), this.#task.adaptor));
  }

  /** The result; call when `prompts()` has none left. */
  finish(): CascadeResult {
    if (this.#next?.done !== true) throw new Error("The cascade has decodes left to do");
    return this.#next.value;
  }

  *#refine(): Generator<Prompts, CascadeResult, Decoded> {
    if (this.#task.taken !== undefined) return this.#takenAsItIs(this.#task.taken);
    if (this.#untouched !== undefined) return this.#left("unchanged", this.#untouched);
    const { method } = this.#settings;
    if (method === "crf") return this.#byColours();
    if (method === "grid-max" || method === "grid-merge") return yield* this.#byGrid(method);
    yield* this.#seed();
    for (let i = 0; i < this.#settings.iterations; i++) {
      const improved = yield* this.#iterate(i);
      // The coarse mask gets a second try, with a wider box. After that, what brings nothing better is the last.
      if (!improved && i > 0) break;
    }
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
    this.#best = { shape: maskShape(seed), contrast: 0 };
    this.#start = "grown";
  }

  /**
   * One cascade iteration (section 3.2): the candidate replaces the best mask if the gate lets it.
   *
   * @returns whether it did
   */
  *#iterate(iteration: number): Generator<Prompts, boolean, Decoded> {
    const { shape, contrast, lowRes } = this.#best;
    const candidate = yield* this.#hypothesis({
      shape,
      source: lowRes === undefined ? this.#start : "best",
      step: iteration,
      feed: this.#settings.feedLogits ? lowRes : undefined,
    });
    if (candidate === undefined) return false;
    const accepted =
      this.#view === undefined
        ? this.#excavated(candidate.shape) !== undefined
        : this.#showsTheObject(candidate) &&
          (candidate.contrast > contrast * (iteration === 0 ? 1 : this.#settings.stepGain) ||
            (lowRes === undefined && this.#isWitnessed(candidate)));
    if (accepted) this.#take(candidate);
    return accepted;
  }

  /** Whether the candidate is larger or smaller than the coarse mask rather than elsewhere. */
  #showsTheObject({ lowRes }: Pick<Decode, "lowRes">): boolean {
    const { overlap } = this.#settings;
    return overlap === 0 || overlapCoefficient(lowRes, this.#facts.lowRes) >= overlap;
  }

  /** Whether embeddings speak for the candidate where colours do not. */
  #isWitnessed({ lowRes, stability }: Pick<Decode, "lowRes" | "stability">): boolean {
    return this.#settings.witness === "embedding" && this.#facts.witness({ lowRes, stability });
  }

  /**
   * Two larger hypotheses for a coarse mask that misses parts: what looks like it in embedding space is added to the
   * mask, then what looks like the outcome. Of those that pass the growth gate the better one replaces the best mask.
   */
  *#grow(): Generator<Prompts, void, Decoded> {
    const best = this.#best;
    // Without contrast there is nothing that a larger mask could be held to.
    if (best.lowRes === undefined || this.#view === undefined) return;
    const coarse = this.#facts.lowRes;
    if (gridIoU(best.lowRes, coarse) > SETTLED) return;
    const gate = growthGate(this.#embedding, this.#frame, coarse, this.#coarseContrast, best as Decode);
    let winner: { candidate: Recorded; score: number } | undefined;
    const known = positiveMask(best.lowRes);
    let from: Growable = { shape: maskShape(this.#coarse), lowRes: coarse };
    for (let round = 0; round < GROWTH_ROUNDS; round++) {
      const found =
        round === 0 ? this.#facts.lookalikes : lookalikes(this.#embedding, from.lowRes, coarse, this.#frame);
      if (found === undefined) break;
      const grown = unionShape(logitShape(found, "bilinear"), from.shape);
      const candidate = yield* this.#decodeTwice(grown, known);
      if (candidate === undefined) break;
      const score = gate(candidate);
      if (score !== undefined && score > (winner?.score ?? -Infinity)) winner = { candidate, score };
      from = candidate;
    }
    if (winner !== undefined) this.#take(winner.candidate);
  }

  /**
   * The mask that SAM makes of what it makes of a mask; `undefined` when either is empty, or the first one is what is
   * known already.
   *
   * @param known `Uint8Array [256, 256]`
   */
  *#decodeTwice(grown: Shape, known: Uint8Array): Generator<Prompts, Recorded | undefined, Decoded> {
    const first = yield* this.#hypothesis({ shape: grown, source: "grown", step: 0 });
    if (first === undefined || gridIoU(first.lowRes, known) > SETTLED) return undefined;
    return yield* this.#hypothesis({ shape: first.shape, source: "previous", step: 1 });
  }

  /** What a dense CRF makes of the coarse mask; SAM is not asked. */
  #byColours(): CascadeResult {
    const { data, ...window } = refineByCRF(this.#photo, this.#coarse)!;
    const mask = positiveMask(data);
    if (!mask.includes(1)) return this.#left("kept", "the CRF leaves no pixel of it");
    const refined = { ...window, mask, ...(this.#task.logits ? { logits: data } : {}) };
    return this.#result(this.#passes(refined) ? refined : undefined);
  }

  /** What a grid of points finds of the coarse mask. */
  *#byGrid(rule: GridRule): Generator<Prompts, CascadeResult, Decoded> {
    const found = yield* gridMask(this.#coarse, this.#frame, rule);
    if (found === undefined) return this.#left("kept", "no mask of the grid fits");
    const { lowRes, decode } = found;
    const predictedIoU = decode?.chosen.predictedIoU;
    if (decode !== undefined) {
      const { prompts, scores, chosen, decoded } = decode;
      const candidates = scores.map((score) => this.#candidate(score, score === chosen, decoded));
      const contrast = this.#view === undefined ? {} : { contrast: this.#candidateContrast(lowRes) };
      this.#iterations.push({ source: "coarse", prompts, candidates, ...contrast, accepted: true });
    }
    const shown = this.#view === undefined || this.#showsTheObject({ lowRes });
    // A mask of many points' masks has no stability of its own: nothing speaks for it but colours.
    return this.#result(shown ? this.#finalWindow(lowRes, 0) : undefined, predictedIoU);
  }

  /** Prompts from a mask, and the token chosen from the decoder's answer; `undefined` when the mask is empty. */
  *#hypothesis(from: PromptSource): Generator<Prompts, Recorded | undefined, Decoded> {
    const { shape, source, step, feed } = from;
    const { own, explain } = this.#task;
    const origin = this.#excavated(shape);
    if (origin === undefined) return undefined;
    const excavated = withMargin(origin.prompts, this.#frame, this.#settings, step);
    const found = own === undefined ? excavated : addOwnPrompts(excavated, own);
    const prompts = feed === undefined ? found : { ...found, maskLogits: feed };
    const decoded = yield prompts;
    const { lowRes: logits, predictedIoU, adaptedIoU } = decoded;
    const scores = scoreTokens(logits, predictedIoU, origin.cells, this.#settings.tokens, adaptedIoU);
    const eligible =
      own?.points === undefined ? scores : agreeingTokens(scores, decoded.lowRes, own.points, this.#frame);
    const chosen = selectToken(eligible, this.#settings);
    const lowRes = tokenLogits(decoded, chosen.token);
    const contrast = this.#candidateContrast(lowRes);
    const { maskLogits: _, ...lightPrompts } = prompts;
    const index =
      this.#iterations.push({
        source,
        ...(explain === true || (explain === "logits" && source === "grown")
          ? { sourceMask: shapeMask(shape, this.#frame) }
          : {}),
        prompts: explain === false ? lightPrompts : prompts,
        candidates: scores.map((score) => this.#candidate(score, score.token === chosen.token, decoded)),
        selection: selectionPolicy(this.#settings),
        ...(this.#view === undefined ? {} : { contrast }),
        accepted: false,
      }) - 1;
    return {
      shape: this.#shapeOf(lowRes),
      contrast,
      predictedIoU: chosen.predictedIoU,
      stability: chosen.stability,
      lowRes,
      index,
    };
  }

  /** The prompts of a shape, the same in every iteration but for the margin; `undefined` when it is empty. */
  #excavated(shape: Shape): Found | undefined {
    let found = this.#found.get(shape);
    if (found === undefined) {
      const frame = shape.mask === undefined ? promptFrame(this.#frame, this.#settings) : this.#frame;
      // An object between the pixels of a small frame is looked for in the photo's.
      found = this.#excavate(shape, frame) ?? this.#excavate(shape, this.#frame);
      if (found !== undefined) this.#found.set(shape, found);
    }
    return found;
  }

  #excavate(shape: Shape, frame: Frame): Found | undefined {
    const mask = shape.mask ?? passingMask(shape, frame);
    const known = mask === this.#coarse && this.#untouched === undefined ? this.#facts.box : undefined;
    const prompts = excavateOnce(mask, this.#embedding, frame, this.#settings, known);
    return (
      prompts && {
        prompts: promptsIn(prompts, frame, this.#frame),
        cells: lowResMask(mask, frame, prompts.tightBox),
      }
    );
  }

  #take({ index, ...candidate }: Recorded): void {
    this.#best = candidate;
    this.#iterations[index] = { ...this.#iterations[index]!, accepted: true };
  }

  #takenAsItIs(lowRes: Float32Array): CascadeResult {
    this.#best = { shape: this.#shapeOf(lowRes), contrast: 0, lowRes };
    return this.#outcome();
  }

  #outcome(): CascadeResult {
    const { lowRes, predictedIoU, stability = 0 } = this.#best;
    if (lowRes === undefined)
      return this.#left("kept", this.#view === undefined ? "SAM found no object" : NO_BETTER);
    return this.#result(this.#finalWindow(lowRes, stability), predictedIoU);
  }

  /** @param refined absent where nothing passed the gate */
  #result(refined: RefinedWindow | undefined, predictedIoU?: number): CascadeResult {
    if (refined === undefined) return this.#left("kept", NO_BETTER);
    return {
      verdict: "refined",
      refined,
      ...agreementOf(refined, this.#coarse, this.#coarseArea),
      ...(predictedIoU === undefined ? {} : { predictedIoU }),
      ...this.#measure(),
      iterations: this.#iterations,
    };
  }

  #left(verdict: Verdict, reason: string): CascadeResult {
    return {
      verdict,
      reason,
      refinedArea: this.#coarseArea,
      coarseIoU: 1,
      ...this.#measure(),
      iterations: this.#iterations,
    };
  }

  #measure(): { coarseContrast?: number } {
    return this.#view === undefined ? {} : { coarseContrast: this.#coarseContrast };
  }

  /** The mask in photo pixels: with the edge step, without it, or none, as the gate lets pass. */
  #finalWindow(lowRes: Float32Array, stability: number): RefinedWindow | undefined {
    const aligns = this.#settings.edges === "colour";
    const window = positiveWindow(lowRes, this.#frame, aligns ? edgeMargin(this.#frame) : 0);
    if (window === undefined) return undefined;
    const first = this.#window(lowRes, window, aligns);
    if (this.#passes(first) || this.#isWitnessed({ lowRes, stability })) return first;
    const plain = aligns ? this.#window(lowRes, window, false) : first;
    return aligns && this.#passes(plain) ? plain : undefined;
  }

  #window(lowRes: Float32Array, window: Window, aligned: boolean): RefinedWindow {
    return this.#task.logits
      ? this.#windowLogits(lowRes, window, aligned)
      : this.#windowMask(lowRes, window, aligned);
  }

  #windowLogits(lowRes: Float32Array, window: Window, aligned: boolean): RefinedWindow {
    const plain = upscaleLogits(lowRes, this.#frame, this.#settings.upscale, window);
    const { data } = aligned ? alignEdges(this.#photo, lowRes, plain, this.#frame) : plain;
    return { ...window, mask: positiveMask(data), logits: data };
  }

  #windowMask(lowRes: Float32Array, window: Window, aligned: boolean): RefinedWindow {
    const { upscale } = this.#settings;
    if (aligned) return { ...window, mask: alignedMask(this.#photo, lowRes, this.#frame, upscale, window) };
    const { width, height, data } = upscaleMask(lowRes, this.#frame, upscale);
    return { x0: 0, y0: 0, x1: width, y1: height, mask: data };
  }

  /** The gate: the result must separate colours better than the coarse mask, by ρ if asked. */
  #passes(refined: RefinedWindow): boolean {
    if (this.#view === undefined) return true;
    const contrast = windowContrast(this.#view, refined);
    return contrast > this.#coarseContrast && contrast >= this.#settings.strictness * this.#coarseContrast;
  }

  #candidateContrast(lowRes: Float32Array): number {
    if (this.#view === undefined) return 0;
    return logitContrast(this.#view, lowRes, this.#frame, this.#settings.upscale);
  }

  #shapeOf(lowRes: Float32Array): Shape {
    return logitShape(lowRes, this.#settings.upscale);
  }

  #candidate(score: TokenScore, chosen: boolean, decoded: Decoded): CascadeCandidate {
    const { explain } = this.#task;
    const lowRes = tokenLogits(decoded, score.token);
    return {
      ...score,
      chosen,
      ...(explain === true ? { mask: shapeMask(this.#shapeOf(lowRes), this.#frame) } : {}),
      ...(explain === "logits" ? { lowRes } : {}),
    };
  }
}

/** What a person decided is not held against the photo's colours. */
function settingsOf({ settings, own, taken }: CascadeTask): MethodSettings {
  if (own === undefined && taken === undefined) return baselineSettings(settings);
  return { ...settings, method: "samrefiner", gate: "none", growth: "none" };
}

function positiveMask(logits: Float32Array): Uint8Array {
  const mask = new Uint8Array(logits.length);
  for (let i = 0; i < logits.length; i++) if (logits[i]! > 0) mask[i] = 1;
  return mask;
}

/** A shape in the pixels of a frame, good until the next call. */
function passingMask(shape: Shape, frame: Frame): Mask {
  const { width, height } = frame;
  const data = scratchZeros("passing mask", width * height);
  shape.paint(data, frame);
  return { width, height, data };
}

const NO_BETTER =
  "no candidate separates colours better than the coarse mask and still shows the same object";

function tokenLogits({ lowRes }: Decoded, token: number): Float32Array {
  return lowRes.subarray(token * CELLS, (token + 1) * CELLS);
}
