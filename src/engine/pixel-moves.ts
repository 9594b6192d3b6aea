/** Which regions the pixels of a refined label map went from and to. */
import type { LabelMap } from "../core/mask.ts";
import type { LabelPlan } from "./refine-labels.ts";

/** The pixels whose value changed. Without some of the regions concerned, the map can be put together again. */
export interface PixelMoves {
  /** `Uint32Array [n]`: indices in the map, ascending. */
  readonly pixels: Uint32Array;
  /** `Int32Array [n]`: index of the region that had the pixel, −1 for none. */
  readonly from: Int32Array;
  /** `Int32Array [n]`: index of the region that has it now, −1 for none. */
  readonly to: Int32Array;
}

/**
 * Finds them.
 *
 * @param values of the refined map
 * @param owners index of the task in the plan that won a pixel, where one did; see `pasteResults`
 */
export function pixelMoves(
  { width, data }: LabelMap,
  values: LabelMap["data"],
  { tasks }: Pick<LabelPlan, "tasks">,
  owners: Int32Array,
): PixelMoves {
  const byLabel = new Map<number, number[]>();
  for (const [i, { label }] of tasks.entries()) byLabel.set(label, [...(byLabel.get(label) ?? []), i]);
  const regionAt = (pixel: number): number =>
    byLabel.get(data[pixel]!)?.find((i) => holds(tasks[i]!, pixel, width)) ?? -1;
  const pixels = otherPixels(data, values);
  const from = new Int32Array(pixels.length);
  const to = new Int32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i]!;
    from[i] = regionAt(pixel);
    // What nobody won became background.
    to[i] = values[pixel] === 0 ? -1 : owners[pixel]!;
  }
  return { pixels, from, to };
}

/** Indices of the values that differ. */
function otherPixels(before: LabelMap["data"], after: LabelMap["data"]): Uint32Array {
  let count = 0;
  for (let i = 0; i < before.length; i++) if (before[i] !== after[i]) count++;
  const pixels = new Uint32Array(count);
  let next = 0;
  for (let i = 0; next < count; i++) if (before[i] !== after[i]) pixels[next++] = i;
  return pixels;
}

/** The box keeps most regions of a class from being looked up. */
function holds(
  { box: [x0, y0, x1, y1], mask }: LabelPlan["tasks"][number],
  pixel: number,
  width: number,
): boolean {
  const x = pixel % width;
  const y = (pixel - x) / width;
  return x >= x0 && x <= x1 && y >= y0 && y <= y1 && mask.data[pixel] === 1;
}
