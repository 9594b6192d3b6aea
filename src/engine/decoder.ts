/** The mask decoder: prompts to the low-res masks of all tokens. */
import { readFile } from "node:fs/promises";
import type { Tensor } from "onnxruntime-node";
import { ModelError } from "../core/errors.ts";
import { EMBEDDING_CHANNELS, EMBEDDING_SIZE, type Frame, LOW_RES_SIZE } from "../core/frame.ts";
import type { Prompts } from "../core/prompts/excavate.ts";
import { DECODER_OUTPUTS, HQ_OUTPUT } from "./decoder-outputs.ts";
import type { DeviceName } from "./devices.ts";
import { EMBEDDING_VALUES } from "./embedding-values.ts";
import { inlineExternalData } from "./external-data.ts";
import { checkAnswer, type Placement, placed } from "./placement.ts";
import type { ProductOrder, RewrittenDecoder } from "./rewrite-decoder.ts";
import { floatTensor, type Outputs, openSession, type Session } from "./sessions.ts";
import { sharedCopy } from "./shared-copy.ts";

const CELLS = LOW_RES_SIZE * LOW_RES_SIZE;

/** What SAM answers to one set of prompts. */
export interface Decoded {
  /** `Float32Array [tokens, 256, 256]` logits: token 0 single mask, 1..3 multimask. */
  readonly lowRes: Float32Array;
  /** `Float32Array [tokens]`. */
  readonly predictedIoU: Float32Array;
  /** `Float32Array [256]`: input of the IoU head's last layer, which IoU adaption trains on. */
  readonly features: Float32Array;
  /** `Float32Array [256, 256]` logits of HQ-SAM's own token; only from its decoders. */
  readonly hq?: Float32Array;
  /** `Float32Array [tokens]`: the predicted IoUs with an adaptor, which comes after the decoder. */
  readonly adaptedIoU?: Float32Array;
}

/**
 * Reads a decoder file and rewrites its graph.
 *
 * @param order `exported` is for comparison with other runtimes
 * @returns bytes in shared memory: one copy serves all worker threads
 * @throws {ModelError} when it is no decoder that can refine
 */
export async function loadDecoder(
  path: string,
  order: ProductOrder = "rearranged",
): Promise<RewrittenDecoder> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new ModelError(`${path} cannot be read (${cause.message}): expected a SAM decoder`, { cause });
  });
  // What knows the format of models is not needed before.
  const { parseDecoder, rewriteDecoderModel } = await import("./rewrite-decoder.ts");
  const model = parseDecoder(bytes, path);
  await inlineExternalData(model.graph!, path);
  const rewritten = rewriteDecoderModel(model, path, order);
  return { ...rewritten, bytes: sharedCopy(rewritten.bytes) };
}

/** What is known of a rewritten graph. */
type DecoderGraph = Omit<RewrittenDecoder, "bytes">;

/** SAM's mask decoder on one device. */
export class Decoder {
  readonly #session: Session;
  readonly #graph: DecoderGraph;
  readonly #place: Placement;
  #embedding: { readonly source: Float32Array; readonly feeds: Record<string, Tensor> } | undefined;

  private constructor(session: Session, graph: DecoderGraph, place: Placement) {
    this.#session = session;
    this.#graph = graph;
    this.#place = place;
  }

  static async open(
    { bytes, ...graph }: RewrittenDecoder,
    name: string,
    on: DeviceName | Placement,
    threads: number,
  ): Promise<Decoder> {
    const place = placed(on);
    return new Decoder(await openSession(bytes, name, place, { threads }), graph, place);
  }

  /**
   * Decodes several sets of prompts on one embedding.
   *
   * @param embedding `Float32Array [256, 64, 64]`, followed by the features that this decoder takes
   */
  async decode(embedding: Float32Array, prompts: readonly Prompts[], frame: Frame): Promise<Decoded[]> {
    const results = new Array<Decoded>(prompts.length);
    for (const group of groupsOfOneShape(prompts)) {
      const own = group.map((i) => prompts[i]!);
      const decoded = await this.#place.run(() => this.#fitting(embedding, own, frame));
      group.forEach((i, k) => {
        results[i] = decoded[k]!;
      });
    }
    return results;
  }

  /** Values of an embedding with the features behind it. */
  get embeddingValues(): number {
    return EMBEDDING_VALUES + (this.#graph.features?.values ?? 0);
  }

  /** Milliseconds inside the runtime so far. */
  get elapsed(): number {
    return this.#session.elapsed;
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /** As many at once as the device takes. */
  async #fitting(embedding: Float32Array, prompts: readonly Prompts[], frame: Frame): Promise<Decoded[]> {
    const decoded: Decoded[] = [];
    while (decoded.length < prompts.length) {
      const next = prompts.slice(decoded.length, decoded.length + this.#place.most);
      try {
        decoded.push(...(await this.#run(embedding, next, frame)));
      } catch (error) {
        if (this.#place.shrink(next.length, error) === undefined) throw error;
      }
    }
    return decoded;
  }

  /** The runtime takes no shared memory: of that, one private copy serves all decodes of a photo. */
  #embeddingFeeds(source: Float32Array): Record<string, Tensor> {
    const onDevice = this.#graph.features === undefined ? this.#place.embeddings.find(source) : undefined;
    if (onDevice !== undefined) return { image_embeddings: onDevice };
    if (this.#embedding?.source !== source) {
      const own = source.buffer instanceof SharedArrayBuffer ? source.slice() : source;
      this.#embedding = { source, feeds: embeddingFeeds(own, this.#graph.features) };
    }
    return this.#embedding!.feeds;
  }

  #run(embedding: Float32Array, prompts: readonly Prompts[], frame: Frame): Promise<Decoded[]> {
    const feeds = () => ({ ...this.#embeddingFeeds(embedding), ...promptFeeds(prompts, frame) });
    return this.#session.run(feeds, undefined, (outputs) => this.#read(outputs, prompts.length));
  }

  async #read(output: Outputs, count: number): Promise<Decoded[]> {
    const masks = (await output[DECODER_OUTPUTS.masks]!.getData()) as Float32Array;
    const iou = (await output[DECODER_OUTPUTS.iou]!.getData()) as Float32Array;
    const features = (await output[DECODER_OUTPUTS.features]!.getData()) as Float32Array;
    const hq = (await output[HQ_OUTPUT]?.getData()) as Float32Array | undefined;
    const tokens = masks.length / CELLS / count;
    const width = features.length / count;
    if (!Number.isInteger(tokens) || iou.length !== count * this.#graph.tokens) {
      throw new ModelError(
        `The decoder returned masks of shape [${output[DECODER_OUTPUTS.masks]!.dims.join(", ")}]: expected [${count}, ${this.#graph.tokens}, 256, 256]`,
      );
    }
    checkAnswer(this.#place, iou);
    const decoded = Array.from({ length: count }, (_, i) => ({
      lowRes: partOf(masks, i, tokens * CELLS),
      predictedIoU: partOf(iou, i, this.#graph.tokens),
      features: partOf(features, i, width),
      ...(hq === undefined ? {} : { hq: partOf(hq, i, CELLS) }),
    }));
    for (const value of Object.values(output)) value.dispose();
    return decoded;
  }
}

/** The encoder's results, of which HQ-SAM takes some early ones besides the embedding. */
function embeddingFeeds(source: Float32Array, features: DecoderGraph["features"]): Record<string, Tensor> {
  const embedding = source.length === EMBEDDING_VALUES ? source : source.subarray(0, EMBEDDING_VALUES);
  return {
    image_embeddings: floatTensor(embedding, [1, EMBEDDING_CHANNELS, EMBEDDING_SIZE, EMBEDDING_SIZE]),
    ...(features === undefined
      ? {}
      : { interm_embeddings: floatTensor(source.subarray(EMBEDDING_VALUES), features.shape) }),
  };
}

/** One of several parts of a batch; a copy, unless it is all there is, so that no part keeps the others in memory. */
function partOf(batch: Float32Array, index: number, length: number): Float32Array {
  return batch.length === length ? batch : batch.slice(index * length, (index + 1) * length);
}

/** Indices of prompts with as many points and the same kinds of prompts: those that fit one tensor. */
function groupsOfOneShape(prompts: readonly Prompts[]): number[][] {
  const groups = new Map<string, number[]>();
  prompts.forEach((prompt, i) => {
    const key = `${pointsOf(prompt, UNIT).length}/${prompt.maskLogits !== undefined}`;
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  return [...groups.values()];
}

const UNIT: Frame = { width: 1, height: 1, scaledWidth: 1, scaledHeight: 1 };

/** `[x, y, label]` in the 1024 frame. */
type LabelledPoint = readonly [x: number, y: number, label: number];

/** Points and box corners as the decoder wants them; without a box it wants one padding point. */
function pointsOf({ positive, negative, own = [], box }: Prompts, frame: Frame): LabelledPoint[] {
  const scaleX = frame.scaledWidth / frame.width;
  const scaleY = frame.scaledHeight / frame.height;
  const points: LabelledPoint[] = [];
  if (positive !== undefined) points.push([positive.x * scaleX, positive.y * scaleY, 1]);
  if (negative !== undefined) points.push([negative.x * scaleX, negative.y * scaleY, 0]);
  for (const point of own) points.push([point.x * scaleX, point.y * scaleY, point.positive ? 1 : 0]);
  if (box === undefined) points.push([0, 0, -1]);
  else points.push([box[0] * scaleX, box[1] * scaleY, 2], [box[2] * scaleX, box[3] * scaleY, 3]);
  return points;
}

function promptFeeds(prompts: readonly Prompts[], frame: Frame): Record<string, Tensor> {
  const points = prompts.map((prompt) => pointsOf(prompt, frame));
  const batch = prompts.length;
  const count = points[0]!.length;
  const hasMask = prompts[0]!.maskLogits !== undefined;
  return {
    point_coords: floatTensor(Float32Array.from(points.flat().flatMap(([x, y]) => [x, y])), [
      batch,
      count,
      2,
    ]),
    point_labels: floatTensor(Float32Array.from(points.flat().map(([, , label]) => label)), [batch, count]),
    mask_input: floatTensor(maskInput(prompts), [batch, 1, LOW_RES_SIZE, LOW_RES_SIZE]),
    has_mask_input: floatTensor(Float32Array.of(hasMask ? 1 : 0), [1]),
  };
}

/** The mask prompts one after the other, zeros where there is none. */
function maskInput(prompts: readonly Prompts[]): Float32Array {
  const [first] = prompts;
  if (prompts.length === 1 && first?.maskLogits !== undefined) return first.maskLogits;
  const masks = new Float32Array(prompts.length * CELLS);
  for (const [i, { maskLogits }] of prompts.entries()) if (maskLogits) masks.set(maskLogits, i * CELLS);
  return masks;
}
