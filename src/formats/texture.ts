/** How the values of a gray picture lie next to each other: what tells ids from shades. */

/** A gray picture: `[height, width]` row-major samples and the largest value its depth can hold. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array;
  readonly fullScale: number;
}

/** Steps between neighbours of different value, at least one of which is neither 0 nor full scale. */
export interface Steps {
  /** Share of steps of at most 2: a slow gradient. 0..1 */
  readonly tiny: number;
  /** Share of steps of at most an eighth of the largest such value. 0..1 */
  readonly small: number;
}

/**
 * Share of in-between pixels (neither 0 nor full scale) that have an equal neighbour both in their row
 * and in their column. About 1 for areas of one id, about 0 for antialiased edges and compression noise.
 */
export function coherence(samples: Samples): number {
  const { width, data, fullScale } = samples;
  let between = 0;
  let coherent = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (value === 0 || value === fullScale) continue;
    between++;
    const x = i % width;
    const inRow = (x > 0 && data[i - 1] === value) || (x < width - 1 && data[i + 1] === value);
    // Beyond the first and last row there is `undefined`, which equals no value.
    if (inRow && (data[i - width] === value || data[i + width] === value)) coherent++;
  }
  return between === 0 ? 1 : coherent / between;
}

/** Measures the steps to the right and downwards; `largest` is the largest in-between value. */
export function measureSteps(samples: Samples, largest: number): Steps {
  const { width, data, fullScale } = samples;
  const count = { all: 0, tiny: 0, small: 0 };
  const add = (a: number, b: number): void => {
    const step = Math.abs(a - b);
    if (step === 0 || step === fullScale) return;
    count.all++;
    if (step <= 2) count.tiny++;
    if (step * 8 <= largest) count.small++;
  };
  for (let i = 0; i < data.length; i++) {
    if ((i + 1) % width !== 0) add(data[i]!, data[i + 1]!);
    if (i + width < data.length) add(data[i]!, data[i + width]!);
  }
  const all = Math.max(1, count.all);
  return { tiny: count.tiny / all, small: count.small / all };
}
