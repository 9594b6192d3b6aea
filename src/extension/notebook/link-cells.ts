/** Frames of cells in a stack: number of the execution, line. */
const FRAME = /\bcell-(\d+)\.ts:(\d+):\d+/g;

/**
 * A stack with the places in cells below it, in the words that VS Code makes links of: its error view knows no other way
 * into a cell.
 */
export function linkCells(stack: string): string {
  const places = [...stack.matchAll(FRAME)].map(([, cell, line]) => `Cell In[${cell}], line ${line}`);
  return places.length === 0 ? stack : [stack, "", ...new Set(places)].join("\n");
}
