/** Where a model runs: on its device, and on the CPU from the moment the device fails. */
import { SamRefinerError } from "../core/errors.ts";
import { DeviceEmbeddings } from "./device-embeddings.ts";
import { inTurn } from "./device-queue.ts";
import { type DeviceAttempt, type DeviceName, firstLine } from "./devices.ts";
import { openCopier } from "./open-copier.ts";

/** What a driver says when the device itself is gone, and fewer masks at once would not bring it back. */
const LOST =
  /device (?:is |was |has been )?(?:lost|removed|hung|suspended)|device_lost|DXGI_ERROR_DEVICE|887A000[567]|CUDA (?:failure|error) (?:700|702|719|999)|no longer (?:valid|available)/i;

/** The device of one model's encoder and decoder: where one of them fails, both leave it. */
export class Placement {
  /** Embeddings that lie on the device. */
  readonly embeddings: DeviceEmbeddings = new DeviceEmbeddings(() => openCopier(this.#device));
  readonly #onNotice: (notice: string) => void;
  readonly #events: DeviceAttempt[] = [];
  #device: DeviceName;
  #isTrusted = false;
  #most = Number.POSITIVE_INFINITY;

  constructor(device: DeviceName, onNotice: (notice: string) => void = () => undefined) {
    this.#device = device;
    this.#onNotice = onNotice;
  }

  /** The device that runs the model now. */
  get device(): DeviceName {
    return this.#device;
  }

  /** Most masks that a decoder run may take. */
  get most(): number {
    return this.#most;
  }

  /** What became of the device after it was opened. */
  get events(): readonly DeviceAttempt[] {
    return this.#events;
  }

  /** The self-test is passed: from now on a failure is told and the work is done elsewhere. */
  trust(): void {
    this.#isTrusted = true;
  }

  /**
   * Does work on the device; where the device fails at it, once more on the CPU.
   *
   * @throws what the CPU, or a device that is not trusted yet, throws
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const device = this.#device;
    try {
      return await work();
    } catch (error) {
      if (device === "cpu" || !this.#isTrusted || error instanceof SamRefinerError) throw error;
      await this.#leave(device, error);
      return work();
    }
  }

  /**
   * Takes note of a failure with so many masks at once.
   *
   * @returns how many to try next, or `undefined` where fewer masks are no help
   */
  shrink(count: number, error: unknown): number | undefined {
    const isHelp =
      count > 1 && this.#isTrusted && this.#device !== "cpu" && !(error instanceof SamRefinerError);
    if (!isHelp || LOST.test(String(error))) return undefined;
    this.#most = Math.min(this.#most, Math.floor(count / 2));
    const failure = `failed with ${count} masks at once (${firstLine(error)})`;
    this.#events.push({ device: this.#device, ok: true, detail: `${failure}, runs with ${this.#most}` });
    this.#onNotice(`${this.#device} ${failure}: going on with ${this.#most}`);
    return this.#most;
  }

  async #leave(device: DeviceName, error: unknown): Promise<void> {
    // Several runs may have failed on the same device.
    if (this.#device !== device) return;
    const reason = firstLine(error);
    this.#device = "cpu";
    this.#most = 1;
    this.#events.push(
      { device, ok: false, detail: `failed while running: ${reason}` },
      { device: "cpu", ok: true, detail: `runs since ${device} failed` },
    );
    this.#onNotice(`${device} failed (${reason}): going on on the CPU, more slowly`);
    await inTurn(device, () => this.embeddings.clear());
  }
}

/** A placement for a device by its name: one that nobody is told of. */
export function placed(on: DeviceName | Placement): Placement {
  return typeof on === "string" ? new Placement(on) : on;
}

/**
 * Refuses what no model answers: a device that is lost, or full, may leave its results as they were instead of failing.
 *
 * @returns the values
 * @throws {Error} when they are all zero, or one is no number
 */
export function checkAnswer(place: Placement, values: Float32Array): Float32Array {
  if (place.device === "cpu") return values;
  if (!values.every(Number.isFinite)) throw new Error("its answer holds values that are no numbers");
  if (values.every((value) => value === 0)) throw new Error("its answer is all zeros");
  return values;
}
