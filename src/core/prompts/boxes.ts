/** Box prompts (section 3.2): tight, moved out by a margin, or grown by context (CEBox). */
import type { Box } from "../mask.ts";
import type { SimilarityMap } from "./similarity.ts";

/** Limits of the elastic box's growth. */
export interface GrowthRule {
  /** λ: share of similar pixels in a strip above which the side moves. */
  readonly lambda: number;
  /** Cosine from which a pixel counts as similar. */
  readonly similarity: number;
  /** Most rounds. */
  readonly rounds: number;
  /** Most pixels a side moves in one round. */
  readonly step: number;
}

/** Size of the photo in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The box with each side moved out by `margin` times the box's width or height, clamped to the photo. */
export function marginBox(box: Box, margin: number, { width, height }: Size): Box {
  const dx = (box[2] - box[0]) * margin;
  const dy = (box[3] - box[1]) * margin;
  return [
    Math.max(0, box[0] - dx),
    Math.max(0, box[1] - dy),
    Math.min(width - 1, box[2] + dx),
    Math.min(height - 1, box[3] + dy),
  ];
}

/**
 * The context-aware elastic box (CEBox): left, right, up and down in turn, a strip of 10 % of the box's side is
 * added where more than λ of it resembles the object, round after round while something changes.
 *
 * @returns the grown box, both ends inclusive, inside the photo
 */
export function elasticBox(tight: Box, similar: SimilarityMap, size: Size, rule: GrowthRule): Box {
  let box = tight;
  for (let round = 0; round < rule.rounds; round++) {
    const before = box;
    for (const side of SIDES) {
      const { grown, strip } = side(box, rule.step, size);
      if (strip !== undefined && similarShare(strip, similar, rule.similarity) > rule.lambda) box = grown;
    }
    if (box === before) break;
  }
  return box;
}

type Side = (box: Box, limit: number, size: Size) => { grown: Box; strip: Box | undefined };

const SIDES: readonly Side[] = [
  ([x0, y0, x1, y1], limit) =>
    grownSide([Math.max(0, x0 - step(x0, x1, limit)), y0, x1, y1], x0, (g) => [g[0], y0, x0 - 1, y1], 0),
  ([x0, y0, x1, y1], limit, { width }) =>
    grownSide(
      [x0, y0, Math.min(width - 1, x1 + step(x0, x1, limit)), y1],
      x1,
      (g) => [x1 + 1, y0, g[2], y1],
      2,
    ),
  ([x0, y0, x1, y1], limit) =>
    grownSide([x0, Math.max(0, y0 - step(y0, y1, limit)), x1, y1], y0, (g) => [x0, g[1], x1, y0 - 1], 1),
  ([x0, y0, x1, y1], limit, { height }) =>
    grownSide(
      [x0, y0, x1, Math.min(height - 1, y1 + step(y0, y1, limit))],
      y1,
      (g) => [x0, y1 + 1, x1, g[3]],
      3,
    ),
];

function grownSide(
  grown: Box,
  old: number,
  strip: (grown: Box) => Box,
  side: 0 | 1 | 2 | 3,
): { grown: Box; strip: Box | undefined } {
  return { grown, strip: grown[side] === old ? undefined : strip(grown) };
}

/** 10 % of a side in whole pixels, at least one so that small boxes can grow at all. */
function step(from: number, to: number, limit: number): number {
  return Math.min(limit, Math.max(1, Math.round((to - from + 1) * 0.1)));
}

function similarShare([x0, y0, x1, y1]: Box, similar: SimilarityMap, threshold: number): number {
  let count = 0;
  for (let y = y0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++) if (similar(x, y) >= threshold) count++;
  }
  return count / ((x1 - x0 + 1) * (y1 - y0 + 1));
}

/**
 * The published code's growth: one round, each side judged on the tight box alone, steps cut to whole pixels,
 * strips without their last row or column, and a side that would leave the photo does not grow.
 *
 * @param similar cosine at a photo pixel
 */
export function referenceElasticBox(
  tight: Box,
  similar: SimilarityMap,
  { width, height }: Size,
  rule: GrowthRule,
): Box {
  const [x0, y0, x1, y1] = tight;
  const stepX = Math.min((x1 - x0) * 0.1, rule.step);
  const stepY = Math.min((y1 - y0) * 0.1, rule.step);
  const left = Math.trunc(x0 - stepX);
  const right = Math.trunc(x1 + stepX);
  const up = Math.trunc(y0 - stepY);
  const down = Math.trunc(y1 + stepY);
  const share = (fromX: number, toX: number, fromY: number, toY: number) => {
    let count = 0;
    for (let y = fromY; y < toY; y++) {
      for (let x = fromX; x < toX; x++) if (similar(x, y) > rule.similarity) count++;
    }
    return count / ((toX - fromX) * (toY - fromY));
  };
  return [
    left >= 0 && x0 - stepX >= 0 && share(left, x0, y0, y1) > rule.lambda ? left : x0,
    up >= 0 && y0 - stepY >= 0 && share(x0, x1, up, y0) > rule.lambda ? up : y0,
    right <= width && share(x1, right, y0, y1) > rule.lambda ? right : x1,
    down <= height && share(x0, x1, y1, down) > rule.lambda ? down : y1,
  ];
}
