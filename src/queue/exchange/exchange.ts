/** A place for files by their content, which the run and all workers reach. */

/** Files named by their sha256: written twice, one is the same as before. */
export interface Exchange {
  /** For messages. */
  readonly label: string;
  /**
   * Stores bytes unless they are there.
   *
   * @returns their sha256
   * @throws {OutputError} when they cannot be written
   */
  put(bytes: Uint8Array): Promise<string>;
  /**
   * The bytes of a sha256.
   *
   * @throws {InputError} when they are missing or damaged
   */
  get(sha256: string): Promise<Uint8Array>;
  /** Removes what is no longer needed; what is not there is no error. */
  remove(sha256: string): Promise<void>;
  /** Removes everything of this run that is left, where the place can tell. */
  clear(): Promise<void>;
}
