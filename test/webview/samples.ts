/** Masks and regions for tests of the page. */
import fc from "fast-check";
import { runsOf } from "../../src/protocol/mask-runs.ts";
import type { MaskRuns, RegionView } from "../../src/protocol/views.ts";
import { ascii } from "../helpers/ascii-mask.ts";

/** A binary mask, `[height, width]` row-major. */
export type Mask = Parameters<typeof runsOf>[0];

/** Masks of up to 24 by 24 pixels; `size` fixes it. */
export function anyMask(size?: { readonly width: number; readonly height: number }): fc.Arbitrary<Mask> {
  const side = fc.integer({ min: 1, max: 24 });
  const sizes = size === undefined ? fc.record({ width: side, height: side }) : fc.constant(size);
  return sizes.chain(({ width, height }) => {
    const length = { minLength: width * height, maxLength: width * height };
    return fc
      .array(fc.integer({ min: 0, max: 1 }), length)
      .map((values) => ({ width, height, data: Uint8Array.from(values) }));
  });
}

/** Runs of a mask drawn with `#` and `.`, see {@link ascii}. */
export function drawn(rows: TemplateStringsArray): MaskRuns {
  return runsOf(ascii(rows));
}

/** A region of which only what matters is given. */
export function region(given: Partial<RegionView> & Pick<RegionView, "id">): RegionView {
  const coarse =
    given.coarse ??
    drawn`##
##`;
  return {
    mask: 0,
    name: String(given.id),
    label: "cup",
    colour: "#ff0000",
    box: coarse.box ?? [0, 0, 0, 0],
    area: 4,
    refinedArea: 4,
    verdict: "refined",
    coarseIoU: 1,
    doubt: 0,
    coarse,
    refined: coarse,
    iterations: [],
    own: { points: [] },
    ...given,
  };
}
