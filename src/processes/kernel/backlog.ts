/** More than this many bytes that nobody has taken yet make the main thread wait. */
const MOST_BYTES = 16 * 2 ** 20;
/** Each wait is short: code that waits must be able to be interrupted. */
const WAIT_MS = 50;

/**
 * Counts what the main thread has shown and the control thread has not sent yet. Without it a loop that prints would fill
 * the memory, as the main thread is faster than any pipe.
 */
export class Backlog {
  readonly buffer: SharedArrayBuffer;
  readonly #bytes: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    this.buffer = buffer;
    this.#bytes = new Int32Array(buffer);
  }

  /** Main thread: something is on its way. Waits while too much is. */
  add(bytes: number): void {
    this.#waitWhile((before) => before > MOST_BYTES);
    Atomics.add(this.#bytes, 0, bytes);
  }

  /** Control thread: it is sent. */
  remove(bytes: number): void {
    Atomics.sub(this.#bytes, 0, bytes);
    Atomics.notify(this.#bytes, 0);
  }

  /** Main thread: waits until all is sent, at most so long. */
  drain(limitMs: number): void {
    const limit = Date.now() + limitMs;
    this.#waitWhile((before) => before > 0 && Date.now() < limit);
  }

  #waitWhile(isTooMuch: (bytes: number) => boolean): void {
    for (let before = this.#load(); isTooMuch(before); before = this.#load())
      Atomics.wait(this.#bytes, 0, before, WAIT_MS);
  }

  #load(): number {
    return Atomics.load(this.#bytes, 0);
  }
}
