/** Waits for the file system, not for each file of it: this many are asked about at once. */
const size = 64;

/** Runs a step for every item, many at once; none begins after the signal is aborted. */
export async function inBatches<T>(
  items: readonly T[],
  signal: AbortSignal | undefined,
  step: (item: T) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < items.length; from += size) {
    signal?.throwIfAborted();
    await Promise.all(items.slice(from, from + size).map(step));
  }
}
