/** Of several requests of a kind only the newest counts. */

/** Runs a task in place of the one before it. */
export type Latest = <T>(task: (signal: AbortSignal) => Promise<T>) => Promise<T | undefined>;

/** A row of tasks: a new one aborts the one before, whose outcome is then `undefined`, also if it failed. */
export function createLatest(): Latest {
  let running: AbortController | undefined;
  return async (task) => {
    running?.abort();
    const own = new AbortController();
    running = own;
    try {
      const result = await task(own.signal);
      return own.signal.aborted ? undefined : result;
    } catch (error) {
      if (own.signal.aborted) return undefined;
      throw error;
    }
  };
}

/** Calls `action` once no call came for `wait` milliseconds. */
export function debounce(action: () => void, wait: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };
}

/** Calls `action` for the first call after a rest, and, if more follow, once none came for `wait` milliseconds. */
export function atOnceAndAtRest(action: () => void, wait: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let more = false;
  const rest = (): void => {
    timer = undefined;
    if (more) action();
  };
  return () => {
    more = timer !== undefined;
    clearTimeout(timer);
    timer = setTimeout(rest, wait);
    if (!more) action();
  };
}
