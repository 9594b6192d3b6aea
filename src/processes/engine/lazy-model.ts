import type { EngineProcessOptions } from "../../protocol/engine.ts";
import { createRefiner, type DeviceAttempt, type Refiner, type RefinerOptions } from "../../sdk/mod.ts";
import type { RequestContext } from "./request-context.ts";
import type { ModelState } from "./worker-messages.ts";

/** The model, opened when it is first needed. After a failure the next request tries again. */
export class LazyModel {
  readonly #options: EngineProcessOptions;
  readonly #tell: (state: ModelState) => void;
  #opening: Promise<Refiner> | undefined;
  #isOpen = false;

  constructor(options: EngineProcessOptions, tell: (state: ModelState) => void) {
    this.#options = options;
    this.#tell = tell;
  }

  /**
   * @param progress told while it is being opened
   * @throws {ModelError} when the model is missing or broken
   * @throws {DeviceError} when the wanted device does not work
   * @throws {OptionError} for options that are none
   */
  async open(progress: RequestContext["progress"]): Promise<Refiner> {
    if (!this.#isOpen) progress({ stage: "load", done: 0, total: 1 });
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<Refiner> {
    this.#tell({ state: "loading", attempts: [] });
    try {
      let opened: Refiner | undefined;
      // A device that fails later shows in the status, with its reason.
      const onNotice = (): void => opened && this.#tellReady(opened);
      opened = await createRefiner({ ...refinerOptions(this.#options), onNotice });
      this.#isOpen = true;
      this.#tellReady(opened);
      return opened;
    } catch (error) {
      this.#opening = undefined;
      this.#tell({ state: "failed", attempts: [], error: (error as Error).message });
      throw error;
    }
  }

  #tellReady({ device, attempts, model }: Refiner): void {
    this.#tell({ state: "ready", device, model: model.name, attempts: attempts.map(told) });
  }
}

function told({ device, detail }: DeviceAttempt): ModelState["attempts"][number] {
  return { device, outcome: detail };
}

function refinerOptions({ model, device, threads, cacheDir }: EngineProcessOptions): RefinerOptions {
  return {
    // The SDK refuses a word that names no device.
    device: device as NonNullable<RefinerOptions["device"]>,
    ...(model === undefined ? {} : { model }),
    ...(threads === undefined ? {} : { threads }),
    ...(cacheDir === undefined ? {} : { cacheDir }),
  };
}
