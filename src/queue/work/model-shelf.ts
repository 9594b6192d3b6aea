/** The models that a worker has open, by their sha256. */
import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ModelError } from "../../core/errors.ts";
import { Engine, type EngineOptions } from "../../engine/engine.ts";
import { builtinModel, isEmbedded } from "../../engine/model-catalogue.ts";
import { defaultModelFolder } from "../../engine/model-folder.ts";
import { isModelName } from "../../engine/model-manifest.ts";
import { findModel } from "../../engine/model-store.ts";
import { writeFileAtomic } from "../../formats/mod.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { JobModel } from "../job.ts";

/** How models are opened. */
export interface ShelfOptions extends Omit<EngineOptions, "model" | "cacheDir"> {
  /** Folder for embeddings and models of runs. */
  readonly cacheDir: string;
  /** Told before a known model is fetched. */
  readonly onFetch: (name: string) => void;
}

/** One open model at a time: it takes gigabytes, and runs follow each other. */
export class ModelShelf {
  readonly #options: ShelfOptions;
  #sha256 = "";
  #opening: Promise<Engine> | undefined;
  readonly #working = new Set<Promise<void>>();

  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  /**
   * Works with a model. Another model is opened only once nobody works with this one.
   *
   * @param exchange where the run has put models that no catalogue has
   * @throws {ModelError} when it cannot be had here
   * @throws {DeviceError} when no device works
   */
  async use<T>(
    model: JobModel,
    exchange: Exchange,
    signal: AbortSignal,
    work: (engine: Engine) => Promise<T>,
  ): Promise<T> {
    while (this.#sha256 !== model.sha256 && this.#working.size > 0) await Promise.race(this.#working);
    const call = this.#engine(model, exchange, signal).then(work);
    const done = call.then(
      () => undefined,
      () => undefined,
    );
    this.#working.add(done);
    try {
      return await call;
    } finally {
      this.#working.delete(done);
    }
  }

  async close(): Promise<void> {
    const engine = await this.#opening?.catch(() => undefined);
    this.#opening = undefined;
    await engine?.close();
  }

  async #engine(model: JobModel, exchange: Exchange, signal: AbortSignal): Promise<Engine> {
    if (this.#sha256 !== model.sha256 || this.#opening === undefined) {
      const before = this.close();
      this.#sha256 = model.sha256;
      this.#opening = before.then(() => this.#open(model, exchange, signal));
    }
    try {
      return await this.#opening;
    } catch (error) {
      // The next job may find what this one missed.
      this.#opening = undefined;
      throw error;
    }
  }

  async #open(model: JobModel, exchange: Exchange, signal: AbortSignal): Promise<Engine> {
    const { onFetch, ...options } = this.#options;
    const name = (await this.#findHere(model)) ?? (await this.#bring(model, exchange, signal));
    return Engine.open({ ...options, model: name });
  }

  async #findHere({ name, sha256 }: JobModel): Promise<string | undefined> {
    // A path from elsewhere says nothing about this machine.
    for (const place of [...(isModelName(name) ? [name] : []), this.#manifestOf(sha256)]) {
      const found = await findModel(place, this.#options.cacheDir).catch(() => undefined);
      if (found?.sha256 === sha256) return place;
    }
    return undefined;
  }

  /** @returns what it is found by then */
  async #bring(model: JobModel, exchange: Exchange, signal: AbortSignal): Promise<string> {
    const { name, sha256, manifest, files } = model;
    const known = builtinModel(name);
    if (manifest !== undefined && files !== undefined)
      await this.#copy(sha256, { manifest, files }, exchange);
    else if (known !== undefined && !isEmbedded(known)) {
      this.#options.onFetch(name);
      const { fetchModelFiles } = await import("../../engine/models/fetch-model.ts");
      const { cacheDir } = this.#options;
      await fetchModelFiles(name, { folder: defaultModelFolder(), cacheDir, signal });
    }
    const place = await this.#findHere(model);
    if (place !== undefined) return place;
    throw new ModelError(
      `Model "${name}" of sha256 ${sha256.slice(0, 16)}… is not on this worker: expected the same weights as on the machine that started the run`,
    );
  }

  /** The manifest comes last: without it there is no model. */
  async #copy(
    sha256: string,
    { manifest, files }: Required<Pick<JobModel, "manifest" | "files">>,
    exchange: Exchange,
  ): Promise<void> {
    const target = this.#manifestOf(sha256);
    const folder = join(target, "..");
    await mkdir(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      const here = await access(path).then(
        () => true,
        () => false,
      );
      if (!here) await writeFileAtomic(path, await exchange.get(content), { overwrite: true });
    }
    await writeFileAtomic(target, await exchange.get(manifest), { overwrite: true });
  }

  #manifestOf(sha256: string): string {
    return join(this.#options.cacheDir, "queue-models", sha256, "model.json");
  }
}
