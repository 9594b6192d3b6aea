/** The mask that a person's prompts describe together with the coarse one: what the first prompts are excavated from. */
import { type Frame, LOW_RES_SIZE } from "../core/frame.ts";
import { type Box, type Mask, maskBox, type Point } from "../core/mask.ts";
import type { Prompts } from "../core/prompts/excavate.ts";
import type { OwnPoint, OwnPrompts } from "../core/prompts/own-prompts.ts";
import { positivePoint } from "../core/prompts/points.ts";
import { scoreTokens, selectToken, type TokenScore } from "../core/selection.ts";
import type { MethodSettings } from "../core/settings.ts";
import { upscaleMask } from "../core/upscale.ts";
import type { Decoded } from "./decoder.ts";

const CELLS = LOW_RES_SIZE * LOW_RES_SIZE;

/** What a seed is made from. */
export interface SeedSource {
  readonly coarse: Mask;
  readonly own: OwnPrompts;
  readonly frame: Frame;
  readonly settings: MethodSettings;
}

/**
 * The coarse mask inside the caller's box, with the object of each positive point that lies outside of it, and without the
 * object of each negative point that lies in it; where the box holds nothing of it, SAM's object in the box. A mask prompt
 * that contradicts a point would win over it.
 *
 * @returns `undefined` where that is the coarse mask itself
 */
export function* seedMask(source: SeedSource): Generator<Prompts, Mask | undefined, Decoded> {
  const { coarse, own } = source;
  const { points = [], box } = own;
  let mask = box === undefined ? coarse : inside(coarse, box);
  if (box !== undefined && maskBox(mask) === undefined) {
    const found = yield* decodeObject({ tightBox: box, box, own: points }, () => true, source);
    if (found === undefined) return undefined;
    mask = found;
  }
  for (const point of points) {
    if (holds(mask, point) === point.positive) continue;
    mask = point.positive
      ? yield* withObject(mask, point, source)
      : yield* withoutObject(mask, point, source);
  }
  return mask === coarse ? undefined : mask;
}

/**
 * The scores of the tokens that agree with most of the caller's points.
 *
 * @param lowRes `Float32Array [tokens, 256, 256]` logits
 */
export function agreeingTokens(
  scores: readonly TokenScore[],
  lowRes: Float32Array,
  points: readonly OwnPoint[],
  frame: Frame,
): readonly TokenScore[] {
  const agreed = scores.map(
    ({ token }) => points.filter((point) => shows(lowRes, token, point, frame) === point.positive).length,
  );
  const most = Math.max(...agreed);
  return scores.filter((_, i) => agreed[i] === most);
}

function* withObject(mask: Mask, point: OwnPoint, source: SeedSource): Generator<Prompts, Mask, Decoded> {
  const others = (source.own.points ?? []).filter(({ positive }) => !positive);
  const found = yield* decodeObject(
    pointPrompts(point, others),
    (shown) => shown(point) && !others.some(shown),
    source,
  );
  return found === undefined ? mask : combined(mask, found, (own, other) => own | other);
}

function* withoutObject(mask: Mask, point: OwnPoint, source: SeedSource): Generator<Prompts, Mask, Decoded> {
  const box = maskBox(mask);
  if (box === undefined) return mask;
  // What is to stay must not go with it.
  const wanted = [...(source.own.points ?? []).filter(({ positive }) => positive), positivePoint(mask, box)];
  const found = yield* decodeObject(
    pointPrompts(point, wanted),
    (shown) => shown(point) && !wanted.some(shown),
    source,
  );
  if (found === undefined) return mask;
  const rest = combined(mask, found, (own, other) => own & (1 - other));
  return maskBox(rest) === undefined ? mask : rest;
}

function pointPrompts({ x, y }: Point, others: readonly Point[]): Prompts {
  const own = [
    { x, y, positive: true },
    ...others.map((other) => ({ x: other.x, y: other.y, positive: false })),
  ];
  return { tightBox: [x, y, x, y], own };
}

/** SAM's best object for prompts among those that fit. */
function* decodeObject(
  prompts: Prompts,
  fits: (shown: (point: Point) => boolean) => boolean,
  { frame, settings }: SeedSource,
): Generator<Prompts, Mask | undefined, Decoded> {
  const { lowRes, predictedIoU, adaptedIoU } = yield prompts;
  const nothing = new Uint8Array(CELLS);
  const scores = scoreTokens(lowRes, predictedIoU, nothing, settings.tokens, adaptedIoU);
  const fitting = scores.filter(({ token }) => fits((point) => shows(lowRes, token, point, frame)));
  if (fitting.length === 0) return undefined;
  const { token } = selectToken(fitting, { ...settings, agreement: 0 });
  return upscaleMask(lowRes.subarray(token * CELLS, (token + 1) * CELLS), frame, settings.upscale);
}

/** Whether a token's mask holds a point, on the low-res grid. */
function shows(lowRes: Float32Array, token: number, { x, y }: Point, frame: Frame): boolean {
  const column = cellAt((x + 0.5) * (frame.scaledWidth / frame.width));
  const row = cellAt((y + 0.5) * (frame.scaledHeight / frame.height));
  return lowRes[token * CELLS + row * LOW_RES_SIZE + column]! > 0;
}

/** @param position in the 1024 frame */
function cellAt(position: number): number {
  return Math.min(LOW_RES_SIZE - 1, Math.floor(position / 4));
}

function holds({ width, data }: Mask, { x, y }: Point): boolean {
  return data[Math.round(y) * width + Math.round(x)] === 1;
}

function inside({ width, height, data }: Mask, [x0, y0, x1, y1]: Box): Mask {
  const out = new Uint8Array(data.length);
  const [left, right] = [Math.round(x0), Math.round(x1) + 1];
  for (let y = Math.round(y0); y <= Math.round(y1); y++)
    out.set(data.subarray(y * width + left, y * width + right), y * width + left);
  return { width, height, data: out };
}

function combined(a: Mask, b: Mask, rule: (a: number, b: number) => number): Mask {
  return { ...a, data: a.data.map((value, i) => rule(value, b.data[i]!)) };
}
