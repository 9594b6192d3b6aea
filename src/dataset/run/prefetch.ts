/** Reading ahead while the engine works. */

/**
 * The same items, with some of them made before they are asked for. What making one throws is thrown in its turn.
 *
 * @param depth most items that wait
 */
export async function* prefetch<T>(source: AsyncGenerator<T>, depth: number): AsyncGenerator<T> {
  const ahead: Promise<IteratorResult<T>>[] = [];
  try {
    for (;;) {
      while (ahead.length <= depth) ahead.push(started(source.next()));
      const { done, value } = await ahead.shift()!;
      if (done === true) return;
      yield value;
    }
  } finally {
    await source.return(undefined).catch(() => undefined);
  }
}

/** A failure that nobody waits for any more is no crash. */
function started<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
