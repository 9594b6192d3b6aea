/** Random masks and numbers for property tests. */
import fc from "fast-check";
import type { Mask } from "../../src/core/mask.ts";

/** Masks of every density, single rows and columns, all-foreground and all-background ones included. */
export function anyMask(longest = 9): fc.Arbitrary<Mask> {
  const side = fc.integer({ min: 1, max: longest });
  const shape = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(side, side) },
    { weight: 1, arbitrary: side.map((n): [number, number] => [1, n]) },
    { weight: 1, arbitrary: side.map((n): [number, number] => [n, 1]) },
  );
  return fc
    .tuple(shape, fc.integer({ min: 0, max: 10 }))
    .chain(([[width, height], empty]) =>
      fc
        .array(fc.integer({ min: 0, max: 9 }), { minLength: width * height, maxLength: width * height })
        .map((cells): Mask => ({ width, height, data: Uint8Array.from(cells, (v) => (v >= empty ? 1 : 0)) })),
    );
}

/** Masks with at least one foreground pixel. */
export function anyObject(longest = 9): fc.Arbitrary<Mask> {
  return anyMask(longest).filter((mask) => mask.data.includes(1));
}

/** Two masks of one size. */
export function anyPair(longest = 12): fc.Arbitrary<[Mask, Mask]> {
  return anyMask(longest).chain((a) =>
    fc.tuple(
      fc.constant(a),
      fc
        .array(fc.integer({ min: 0, max: 1 }), { minLength: a.data.length, maxLength: a.data.length })
        .map((cells): Mask => ({ width: a.width, height: a.height, data: Uint8Array.from(cells) })),
    ),
  );
}

/** A repeatable stream of numbers in [0, 1), for arrays too large to generate and shrink. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
