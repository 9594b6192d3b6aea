/** The panels of one cascade iteration. */
import type { Box, Mask } from "../core/mask.ts";
import { type Block, column, textBlock } from "./block.ts";
import type { Colour } from "./colour.ts";
import { drawContour } from "./contour.ts";
import { drawPrompts } from "./draw-prompts.ts";
import type { ExplainedCandidate, ExplainedIteration, ExplainedPrompts } from "./explained-region.ts";
import { heat } from "./heat.ts";
import { overlay } from "./overlay.ts";
import { type Panel, placeholder } from "./panel.ts";
import { copyPicture, type Picture } from "./picture.ts";
import { resize } from "./resize.ts";
import type { Sized } from "./same-size.ts";
import { COARSE, MUTED, NEGATIVE, POSITIVE, REFINED } from "./theme.ts";
import { type View, viewLabels } from "./view.ts";

/** What the panels of one region share. */
export interface RegionScene {
  readonly photo: Picture;
  readonly view: View;
  /** What the view shows of the photo; panels draw on copies. */
  readonly shown: Picture;
  readonly coarse: Mask;
  /** Size of a picture's cell. */
  readonly cell: Sized;
}

/** Colour of candidates that were not chosen. */
const OTHER: Colour = [196, 160, 255];

/** Where an iteration's prompts came from. */
const SOURCE_WORDS: Readonly<Record<ExplainedIteration["source"], string>> = {
  coarse: "prompts from coarse",
  best: "prompts from best",
  grown: "prompts from grown mask",
  previous: "prompts from step before",
};

/**
 * All panels of an iteration: prompts, Gaussian mask, candidates.
 *
 * @param best the best mask before it, for records that do not hold the mask their prompts came from
 */
export function iterationPanels(scene: RegionScene, iteration: ExplainedIteration, best: Mask): Panel[] {
  const { prompts, candidates } = iteration;
  const frame = outcomeColour(iteration);
  return [
    promptsPanel(scene, iteration, best),
    gaussianPanel(scene, prompts.maskLogits),
    ...candidates.slice(0, 4).map((candidate) => candidatePanel(scene, candidate, frame)),
  ];
}

/** Whether the chosen mask was accepted; a grown mask's is only passed on. */
export function outcomeColour({ source, accepted }: ExplainedIteration): Colour {
  if (source === "grown") return MUTED;
  return accepted ? POSITIVE : NEGATIVE;
}

/** The region without any iteration. */
export function coarsePanel(scene: RegionScene): Panel {
  const picture = copyPicture(scene.shown);
  outline(picture, scene.coarse, scene.view, COARSE);
  return { heading: "coarse", picture };
}

/** The coarse contour under that of another mask. */
export function outcomePanel(
  scene: RegionScene,
  heading: string,
  result: Mask,
  lines: readonly string[] = [],
): Panel {
  const { picture } = coarsePanel(scene);
  outline(picture, result, scene.view, REFINED);
  return { heading, picture, below: [captions(lines, scene.cell.width)] };
}

function promptsPanel(
  scene: RegionScene,
  { source, sourceMask, prompts }: ExplainedIteration,
  best: Mask,
): Panel {
  const picture = copyPicture(scene.shown);
  outline(picture, sourceMask ?? best, scene.view, source === "coarse" ? COARSE : REFINED);
  drawPrompts(picture, prompts, scene.view);
  return {
    heading: SOURCE_WORDS[source],
    picture,
    below: [captions(promptLines(prompts), scene.cell.width)],
  };
}

function promptLines({ positive, negative, tightBox, box }: ExplainedPrompts): string[] {
  const lines: string[] = [];
  const point = (sign: string, at: { x: number; y: number } | undefined) =>
    at ? [`${sign} (${at.x}, ${at.y})`] : [];
  const points = [...point("+", positive), ...point("−", negative)];
  if (points.length > 0) lines.push(points.join("   "));
  lines.push(`tight box ${boxText(tightBox)}`);
  if (box) lines.push(`given box ${boxText(box)}`);
  return lines;
}

/** An elastic or widened box ends between pixels: one decimal is enough to see it. */
function boxText(box: Box): string {
  return box.map((side) => Math.round(side * 10) / 10).join(", ");
}

function gaussianPanel({ photo, view, cell }: RegionScene, logits: Float32Array | undefined): Panel {
  const heading = "Gaussian mask";
  if (!logits) return { heading, picture: placeholder("none kept", view) };
  const picture = resize(heat(photo, logits, view.box), view.width, view.height);
  return { heading, picture, below: [captions([logitRange(logits)], cell.width)] };
}

function logitRange(logits: Float32Array): string {
  const least = logits.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return `logits ${least.toFixed(1)} to ${most.toFixed(1)}`.replaceAll("-", "−");
}

function candidatePanel(
  { shown, view, cell }: RegionScene,
  candidate: ExplainedCandidate,
  frame: Colour,
): Panel {
  const { token, predictedIoU, stability, coarseIoU, chosen, mask } = candidate;
  const lines = [
    `predicted IoU ${figure(predictedIoU)}`,
    `stability ${figure(stability)}`,
    `coarse IoU ${figure(coarseIoU)}`,
  ];
  const picture = mask
    ? overlay(shown, viewLabels(mask, view), { colour: chosen ? REFINED : OTHER })
    : placeholder("no mask kept", view);
  const panel = { heading: `token ${token}`, picture, below: [captions(lines, cell.width)] };
  if (!chosen) return panel;
  return { ...panel, frame, tag: { text: "chosen", colour: frame } };
}

/** A figure of three decimals. */
export function figure(value: number): string {
  return value.toFixed(3);
}

function captions(lines: readonly string[], width: number): Block {
  return column(
    lines.map((line) => textBlock(line, width)),
    4,
  );
}

function outline(picture: Picture, mask: Mask, view: View, colour: Colour): void {
  drawContour(picture, viewLabels(mask, view), { colour });
}
