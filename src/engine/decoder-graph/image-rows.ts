/** Telling image cells from tokens. */
import type { OnnxGraph } from "../onnx-model.ts";

/** Operations whose result has the rows of any of their inputs; all others have those of their first one, or none. */
const ALIKE = new Set(["Add", "Sub", "Mul", "Div"]);
const NO_ROWS = new Set(["Shape", "Concat", "Size"]);

/**
 * Values whose rows are cells of the image: made of the image embedding by operations that keep its rows. Only a guess
 * where a graph is unlike SAM's: what is done with it has to be right either way.
 */
export function imageRows(graph: OnnxGraph): ReadonlySet<string> {
  const cells = new Set(["image_embeddings"]);
  for (const { opType, input, output } of graph.node) {
    const asked = ALIKE.has(opType) ? input : input.slice(0, 1);
    if (!NO_ROWS.has(opType) && asked.some((value) => cells.has(value)))
      for (const value of output) cells.add(value);
  }
  return cells;
}
