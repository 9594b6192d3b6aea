/** The parts of the stage, by mode. */
import type { CompareMode } from "../../protocol/preview.ts";
import type { Place, Size } from "../types.ts";
import type { Pane } from "./viewport.ts";

/** Space between two panes. */
const GAP = 2;

/** One pane, or two of the same size: side by side, or one above the other on a narrow stage. */
export function panesOf(mode: CompareMode, { width, height }: Size): readonly [Pane, ...Pane[]] {
  if (mode !== "side-by-side") return [{ x: 0, y: 0, width, height }];
  if (width >= height) {
    const half = Math.max((width - GAP) / 2, 1);
    return [
      { x: 0, y: 0, width: half, height },
      { x: half + GAP, y: 0, width: half, height },
    ];
  }
  const half = Math.max((height - GAP) / 2, 1);
  return [
    { x: 0, y: 0, width, height: half },
    { x: 0, y: half + GAP, width, height: half },
  ];
}

/** The pane under a place of the stage. */
export function paneAt(panes: readonly [Pane, ...Pane[]], { x, y }: Place): Pane {
  return panes.findLast((pane) => x >= pane.x && y >= pane.y) ?? panes[0];
}
