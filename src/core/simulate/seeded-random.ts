/** Repeatable random numbers: a simulation must give the same masks on every machine. */

/** Numbers in [0, 1), the same stream for the same seed. */
export type Random = () => number;

/**
 * A stream of random numbers: a counter, mixed by two rounds of multiplication and shifts.
 *
 * @param seed whole number; its lowest 32 bits count
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 on, below `count`. */
export function randomIndex(random: Random, count: number): number {
  return Math.floor(random() * count);
}
