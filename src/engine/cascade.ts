/** The refinement of one region: excavate, decode, select, accept, and again. */
import { boundaryContrast, type ContrastView, contrastView } from "../core/boundary-contrast.ts";
import { alignEdges, edgeMargin } from "../core/edges/align-edges.ts";
import { type Frame, frameOf, LOW_RES_SIZE } from "../core/frame.ts";
import type { Photo } from "../core/lab.ts";
import { type Mask, maskArea, maskBox } from "../core/mask.ts";
import { excavate, type Prompts } from "../core/prompts/excavate.ts";
import { lowResMask } from "../core/prompts/gaussian-mask.ts";
import { scoreTokens, selectToken, type TokenScore } from "../core/selection.ts";
import type { MethodSettings } from "../core/settings.ts";
import { type LogitWindow, positiveWindow, upscaleLogits } from "../core/upscale.ts";
import type { Decoded } from "./decoder.ts";

const CELLS = LOW_RES_SIZE * LOW_RES_SIZE;

/** A photo ready for refinement. */
export interface EncodedPhoto {
  readonly photo: Photo;
  /** `Float32Array [256, 64, 64]`. */
  readonly embedding: Float32Array;
}

/** One candidate of an iteration, with its photo-sized mask when asked for. */
export interface CascadeCandidate extends TokenScore {
  readonly chosen: boolean;
  readonly mask?: Mask;
}

/** What one iteration did. */
export interface CascadeIteration {
  readonly prompts: Prompts;
  readonly candidates: readonly CascadeCandidate[];
  /** Boundary contrast of the chosen candidate, with the gate. */
  readonly contrast?: number;
  readonly accepted: boolean;
}

/** The outcome for one region. */
export interface CascadeResult {
  readonly verdict: "refined" | "kept" | "unchanged";
  readonly reason?: string;
  /** Refined logits in photo pixels; absent when the region stays as it is. */
  readonly logits?: LogitWindow;
  readonly predictedIoU?: number;
  readonly iterations: readonly CascadeIteration[];
}

/** Best mask so far. */
interface Best {
  readonly mask: Mask;
  readonly contrast: number;
  readonly predictedIoU?: number;
  /** `Float32Array [256, 256]`; absent for the coarse mask. */
  readonly lowRes?: Float32Array;
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
  readonly #keepMasks: boolean;
  readonly #coarse: Mask;
  readonly #view: ContrastView | undefined;
  readonly #iterations: CascadeIteration[] = [];
  #best: Best;
  #prompts: Prompts | undefined;
  readonly #untouched: string | undefined;

  /** @param keepMasks keep every candidate's photo-sized mask, for explanations */
  constructor({ photo, embedding }: EncodedPhoto, coarse: Mask, settings: MethodSettings, keepMasks = false) {
    this.#photo = photo;
    this.#embedding = embedding;
    this.#frame = frameOf(photo.width, photo.height);
    this.#settings = settings;
    this.#keepMasks = keepMasks;
    this.#coarse = coarse;
    const area = maskArea(coarse);
    this.#untouched = area === 0 ? "the mask is empty" : area === coarse.data.length ? "the mask covers the whole photo" : undefined;
    this.#view = settings.gate === "contrast" && this.#untouched === undefined ? contrastView(photo, maskBox(coarse)!) : undefined;
    this.#best = { mask: coarse, contrast: this.#contrast(coarse) };
  }

  /** Prompts of the next decode, or `undefined` when none is left. */
  prompts(): Prompts | undefined {
    if (this.#untouched !== undefined || this.#iterations.length >= this.#settings.iterations) return undefined;
    const found = excavate(this.#best.mask, this.#embedding, this.#frame, this.#settings, this.#iterations.length);
    const logits = this.#settings.feedLogits ? this.#best.lowRes : undefined;
    this.#prompts = logits === undefined ? found : { ...found, maskLogits: logits };
    return this.#prompts;
  }

  /** Takes the decoder's answer to the last prompts. */
  accept(decoded: Decoded): void {
    const prompts = this.#prompts!;
    const scores = scoreTokens(decoded.lowRes, decoded.predictedIoU, lowResMask(this.#best.mask, this.#frame), this.#settings.tokens);
    const chosen = selectToken(scores, this.#settings.selection);
    const lowRes = tokenLogits(decoded, chosen.token);
    const mask = this.#photoMask(lowRes);
    const contrast = this.#contrast(mask);
    const accepted = maskArea(mask) > 0 && (this.#view === undefined || contrast > this.#best.contrast);
    if (accepted) this.#best = { mask, contrast, predictedIoU: chosen.predictedIoU, lowRes };
    this.#iterations.push({
      prompts,
      candidates: scores.map((score) => this.#candidate(score, score.token === chosen.token, decoded)),
      ...(this.#view === undefined ? {} : { contrast }),
      accepted,
    });
  }

  /** The result; call when `prompts()` has none left. */
  finish(): CascadeResult {
    const iterations = this.#iterations;
    if (this.#untouched !== undefined) return { verdict: "unchanged", reason: this.#untouched, iterations };
    const { lowRes, predictedIoU } = this.#best;
    if (lowRes === undefined) return { verdict: "kept", reason: this.#whyKept(), iterations };
    const logits = this.#finalLogits(lowRes);
    if (logits === undefined) return { verdict: "kept", reason: "no candidate separates colours better than the coarse mask", iterations };
    return { verdict: "refined", logits, ...(predictedIoU === undefined ? {} : { predictedIoU }), iterations };
  }

  #whyKept(): string {
    return this.#view === undefined ? "SAM found no object" : "no candidate separates colours better than the coarse mask";
  }

  /** Upscaled logits with the edge step, if the gate passes them after it. */
  #finalLogits(lowRes: Float32Array): LogitWindow | undefined {
    const margin = this.#settings.edges === "colour" ? edgeMargin(this.#frame) : 0;
    const window = positiveWindow(lowRes, this.#frame, margin);
    if (window === undefined) return undefined;
    const plain = upscaleLogits(lowRes, this.#frame, this.#settings.upscale, window);
    if (this.#settings.edges === "none") return this.#passes(plain) ? plain : undefined;
    const aligned = alignEdges(this.#photo, lowRes, plain, this.#frame);
    return [aligned, plain].find((logits) => this.#passes(logits));
  }

  /** The gate: the result must separate colours better than the coarse mask, by ρ if asked. */
  #passes(logits: LogitWindow): boolean {
    if (this.#view === undefined) return true;
    const coarse = boundaryContrast(this.#view, this.#coarse);
    const contrast = this.#contrast(positiveMask(logits, this.#frame));
    return contrast > coarse && contrast >= this.#settings.strictness * coarse;
  }

  #contrast(mask: Mask): number {
    return this.#view === undefined ? 0 : boundaryContrast(this.#view, mask);
  }

  #photoMask(lowRes: Float32Array): Mask {
    const window = positiveWindow(lowRes, this.#frame, 0);
    const { width, height } = this.#frame;
    if (window === undefined) return { width, height, data: new Uint8Array(width * height) };
    return positiveMask(upscaleLogits(lowRes, this.#frame, this.#settings.upscale, window), this.#frame);
  }

  #candidate(score: TokenScore, chosen: boolean, decoded: Decoded): CascadeCandidate {
    return { ...score, chosen, ...(this.#keepMasks ? { mask: this.#photoMask(tokenLogits(decoded, score.token)) } : {}) };
  }
}

function tokenLogits({ lowRes }: Decoded, token: number): Float32Array {
  return lowRes.subarray(token * CELLS, (token + 1) * CELLS);
}

/** The photo-sized mask of positive logits. */
export function positiveMask({ x0, y0, x1, y1, data }: LogitWindow, { width, height }: { width: number; height: number }): Mask {
  const mask = new Uint8Array(width * height);
  for (let y = y0, from = 0; y < y1; y++) {
    for (let x = x0; x < x1; x++, from++) if (data[from]! > 0) mask[y * width + x] = 1;
  }
  return { width, height, data: mask };
}
