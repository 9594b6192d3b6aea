/**
 * Models as the runtime optimises them for the CPU, kept on disk: working that out takes most of the time in which a session
 * opens, and of a decoder's rewriting. What depends on the machine's instructions is left to each opening, so that machines
 * may share a folder; the answers are the same to the last bit.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ByteCache } from "./byte-cache.ts";
import { encoderBytes } from "./encoder-bytes.ts";
import { loadRuntime } from "./load-runtime.ts";
import type { ModelOnDisk } from "./model-store.ts";
import type { RewrittenDecoder } from "./rewrite-decoder.ts";
import { REWRITE_VERSION } from "./rewrite-version.ts";
import { sharedCopy } from "./shared-copy.ts";

/** Of all models together. */
const LIMIT_BYTES = 2 ** 30;
/** Larger ones take seconds to run: what their opening takes is not worth the disk. */
const LARGEST_BYTES = 2 ** 29;

/** The kept graphs of one model. */
export class OptimisedGraphs {
  readonly #cache: ByteCache | undefined;
  readonly #folder: string;
  readonly #model: ModelOnDisk;
  /** The encoder's graph where it cannot be kept on disk: an encoder that rests opens many times. */
  #unkept: { readonly graph: Uint8Array | undefined } | undefined;

  /** @param cacheDir keeps nothing where it is `undefined` */
  constructor(cacheDir: string | undefined, model: ModelOnDisk) {
    this.#folder = join(cacheDir ?? "", "graphs");
    this.#cache = cacheDir === undefined ? undefined : new ByteCache(this.#folder, LIMIT_BYTES);
    this.#model = model;
  }

  /**
   * The encoder's graph, quantised where the model asks for that.
   *
   * @returns `undefined` where none is kept and none can be, and the encoder is taken as it is
   * @throws {ModelError} where it cannot be quantised
   */
  async encoder(): Promise<Uint8Array | undefined> {
    if (this.#unkept !== undefined) return this.#unkept.graph;
    const { quantise } = this.#model.manifest.encoder;
    const key = await this.#key(quantise === undefined ? "encoder" : `encoder ${quantise}`);
    const known = await this.#cache?.get(key);
    if (known !== undefined) return known;
    const quantised = quantise && (await this.#quantised());
    const isSmall = (await encoderBytes(this.#model)) <= LARGEST_BYTES;
    const optimised = isSmall ? await this.#optimise(quantised ?? this.#model.encoderPath) : undefined;
    const graph = optimised ?? quantised;
    if (graph === undefined || this.#cache === undefined) this.#unkept = { graph };
    if (graph !== undefined) await this.#cache?.put(key, graph);
    return graph;
  }

  /** What knows the format of models is not needed for those that stay as they are. */
  async #quantised(): Promise<Uint8Array> {
    const { quantisedEncoder } = await import("./quantise-encoder.ts");
    return quantisedEncoder(this.#model);
  }

  /**
   * The rewritten decoder's graph.
   *
   * @param rewrite makes it where none is kept
   * @returns what `rewrite` made where its graph cannot be optimised
   */
  async decoder(rewrite: () => Promise<RewrittenDecoder>): Promise<RewrittenDecoder> {
    const key = await this.#key(`decoder ${REWRITE_VERSION}`);
    const known = await this.#cache?.get(key);
    if (known !== undefined) return unpack(known);
    const rewritten = await rewrite();
    const { bytes } = rewritten;
    const graph = bytes.length <= LARGEST_BYTES ? await this.#optimise(bytes.slice()) : undefined;
    if (graph === undefined) return rewritten;
    const optimised = { ...rewritten, bytes: sharedCopy(graph) };
    await this.#cache?.put(key, pack(optimised));
    return optimised;
  }

  async #key(part: string): Promise<string[]> {
    const { env } = await loadRuntime();
    return [this.#model.sha256, part, env.versions.node ?? "", process.platform, process.arch];
  }

  /** The runtime writes it to a file of its own, which goes at once. */
  async #optimise(source: string | Uint8Array): Promise<Uint8Array | undefined> {
    // Native code asks for none of Deno's permissions, so it is not asked to write.
    if (this.#cache === undefined || process.versions["deno"] !== undefined) return undefined;
    const { InferenceSession } = await loadRuntime();
    const path = join(this.#folder, `${process.pid}.${randomUUID()}.tmp`);
    const options = {
      executionProviders: ["cpu"],
      graphOptimizationLevel: "extended",
      optimizedModelFilePath: path,
      logSeverityLevel: 4,
    } as const;
    try {
      await mkdir(this.#folder, { recursive: true });
      const session = await (typeof source === "string"
        ? InferenceSession.create(source, options)
        : InferenceSession.create(source, options));
      await session.release();
      return await readFile(path);
    } catch {
      // Whoever opens the model itself is told what is wrong with it; a full disk costs time, nothing else.
      return undefined;
    } finally {
      await rm(path, { force: true }).catch(() => undefined);
    }
  }
}

/** What is known of the graph as JSON, its length in four bytes before it, the graph behind it. */
function pack({ bytes, ...graph }: RewrittenDecoder): Uint8Array {
  const text = Buffer.from(JSON.stringify(graph));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text, bytes]);
}

function unpack(packed: Uint8Array): RewrittenDecoder {
  const end = 4 + Buffer.from(packed.buffer, packed.byteOffset, 4).readUInt32LE();
  const graph = JSON.parse(Buffer.from(packed.subarray(4, end)).toString("utf8"));
  return { ...graph, bytes: sharedCopy(packed.subarray(end)) };
}
