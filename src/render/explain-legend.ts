import type { Block } from "./block.ts";
import { drawLine, type StrokeStyle } from "./draw-line.ts";
import { drawPoint, POINT_RADIUS } from "./draw-point.ts";
import { GIVEN_BOX_STYLE, TIGHT_BOX_STYLE } from "./draw-prompts.ts";
import { drawShape } from "./draw-shape.ts";
import { heatColour } from "./heat-colour.ts";
import { flow, legendEntry, swatch } from "./legend.ts";
import { segment } from "./shapes.ts";
import { COARSE, REFINED } from "./theme.ts";

const RAMP_WIDTH = 72;

/** What the marks of an explain sheet mean. */
export function explainLegend(width: number): Block {
  const entries: [Block, string][] = [
    [swatch(COARSE), "coarse"],
    [swatch(REFINED), "best and refined"],
    [pointMark("positive"), "positive point"],
    [pointMark("negative"), "negative point"],
    [lineMark(TIGHT_BOX_STYLE), "tight box"],
    [lineMark(GIVEN_BOX_STYLE), "box given to SAM"],
    [rampMark(), "Gaussian mask: background to object"],
  ];
  return flow(
    entries.map(([mark, text]) => legendEntry(mark, text, width)),
    width,
    30,
  );
}

function pointMark(sign: "positive" | "negative"): Block {
  const side = 2 * POINT_RADIUS + 4;
  const half = side / 2;
  return {
    width: side,
    height: side,
    draw: (sheet, x, y) => drawPoint(sheet, { x: x + half, y: y + half }, sign),
  };
}

function lineMark(style: StrokeStyle): Block {
  const draw: Block["draw"] = (sheet, x, y) =>
    drawLine(sheet, { x, y: y + 2 }, { x: x + 40, y: y + 2 }, style);
  return { width: 40, height: 4, draw };
}

function rampMark(): Block {
  const draw: Block["draw"] = (sheet, x, y) => {
    for (let i = 0; i < RAMP_WIDTH; i++) {
      const at = x + i + 0.5;
      drawShape(sheet, segment({ x: at, y }, { x: at, y: y + 13 }, 1), heatColour(i / (RAMP_WIDTH - 1)));
    }
  };
  return { width: RAMP_WIDTH, height: 13, draw };
}
