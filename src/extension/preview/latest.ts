/** Work that newer work makes pointless. */

/** Regions that work is about; `undefined` for all. */
type Regions = readonly number[] | undefined;

/** Keeps only the latest of requests about the same regions running. */
export class Latest {
  readonly #running = new Set<{ readonly regions: Regions; readonly controller: AbortController }>();

  get isIdle(): boolean {
    return this.#running.size === 0;
  }

  /** Does the work with a signal that is aborted by the caller's, by newer work about all its regions, or by `stop`. */
  async run<T>(regions: Regions, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (const older of this.#running) if (covers(regions, older.regions)) older.controller.abort();
    const entry = { regions, controller: new AbortController() };
    this.#running.add(entry);
    try {
      return await work(AbortSignal.any([signal, entry.controller.signal]));
    } finally {
      this.#running.delete(entry);
    }
  }

  stop(): void {
    for (const { controller } of this.#running) controller.abort();
  }
}

function covers(newer: Regions, older: Regions): boolean {
  return newer === undefined || (older?.every((region) => newer.includes(region)) ?? false);
}
