/**
 * An encoder whose matrix products count in 8 bits: a quarter to a third less time on CPUs, and masks a little worse (docs/models.md).
 * Its input's range is found anew for every product of every photo; what is no product with stored weights stays as it is.
 */
import { readFile } from "node:fs/promises";
import { ModelError } from "../core/errors.ts";
import type { ModelOnDisk } from "./model-store.ts";
import {
  FLOAT32,
  INT8,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  parseOnnx,
  serialiseOnnx,
  tensorShape,
  wholeSetting,
} from "./onnx-model.ts";
import { storedCount, storedFloats } from "./stored-floats.ts";

/**
 * Most that two neighbours of a column may be together. Processors without instructions for such products add two of them in
 * 16 bits, where 255 times more than 128 would overflow, and 7 bits a weight, the usual way out, are a third less precise.
 */
const LARGEST_PAIR = 127;

/**
 * Quantises a model's encoder.
 *
 * @returns an ONNX file
 * @throws {ModelError} where the encoder keeps weights in other files, or has no product to quantise
 */
export async function quantisedEncoder({
  encoderPath,
  encoderData,
}: Pick<ModelOnDisk, "encoderPath" | "encoderData">): Promise<Uint8Array> {
  if (encoderData.length > 0)
    throw new ModelError(
      `${encoderPath} keeps weights in ${encoderData.join(", ")}: expected all of them in one file to quantise it`,
    );
  return quantiseEncoder(await readFile(encoderPath), encoderPath);
}

/**
 * Quantises the products of a graph.
 *
 * @param bytes an ONNX file
 * @param name for messages
 * @throws {ModelError} where there is none with stored weights
 */
export function quantiseEncoder(bytes: Uint8Array, name: string): Uint8Array {
  const model = parsed(bytes, name);
  // A file without a graph has `null` there.
  const count = model.graph ? new Quantiser(model.graph).run() : 0;
  if (count === 0)
    throw new ModelError(`${name} has no product with stored weights in float32: expected one to quantise`);
  return serialiseOnnx(model);
}

function parsed(bytes: Uint8Array, name: string): ReturnType<typeof parseOnnx> {
  try {
    return parseOnnx(bytes);
  } catch (cause) {
    throw new ModelError(`${name} is no ONNX model: expected a SAM image encoder`, { cause });
  }
}

class Quantiser {
  readonly #graph: OnnxGraph;
  readonly #stored: ReadonlyMap<string, OnnxTensor>;
  /** Products of the same value share what it is quantised to. */
  readonly #inputs = new Map<string, string>();
  /** What became of stored weights, by their name. */
  readonly #weights = new Map<string, string>();
  readonly #names: Set<string>;
  readonly #nodes: OnnxNode[] = [];

  constructor(graph: OnnxGraph) {
    this.#graph = graph;
    this.#stored = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
    this.#names = new Set([
      ...this.#stored.keys(),
      ...graph.node.flatMap(({ input, output }) => [...input, ...output]),
    ]);
  }

  /** Replaces every product; how many there were. */
  run(): number {
    for (const node of this.#graph.node) {
      const weights = weightsOf(node, this.#stored);
      if (weights === undefined) this.#nodes.push(node);
      else this.#replace(node, weights);
    }
    this.#graph.node = this.#nodes;
    this.#dropUnused();
    // Shapes of inner values are stale.
    this.#graph.valueInfo = [];
    return this.#weights.size;
  }

  #replace({ input: [value], output: [product] }: OnnxNode, weights: Weights): void {
    const small = this.#weights.get(weights.tensor.name) ?? this.#store(weights);
    const input = this.#inputs.get(value!) ?? this.#quantised(value!);
    const sum = this.#fresh(`${product}_sum`);
    const scale = this.#fresh(`${product}_scale`);
    this.#add("MatMulInteger", [input, small, `${input}_zero`], [sum]);
    this.#add("Cast", [sum], [`${sum}_float`], [wholeSetting("to", FLOAT32)]);
    this.#add("Mul", [`${input}_scale`, `${small}_scale`], [scale]);
    this.#add("Mul", [`${sum}_float`, scale], [product!]);
  }

  #quantised(value: string): string {
    const name = this.#fresh(`${value}_uint8`);
    this.#add("DynamicQuantizeLinear", [value], [name, `${name}_scale`, `${name}_zero`]);
    this.#inputs.set(value, name);
    return name;
  }

  /** A name that nothing has yet, nor with the ends that are put to it here. */
  #fresh(wanted: string): string {
    let name = wanted;
    while (["", "_scale", "_zero", "_float"].some((end) => this.#names.has(`${name}${end}`))) name += "_";
    this.#names.add(name);
    return name;
  }

  #store(weights: Weights): string {
    const { rows, columns, tensor } = weights;
    const small = this.#fresh(`${tensor.name}_int8`);
    this.#weights.set(tensor.name, small);
    const { values, scales } = quantisedColumns(weights);
    this.#graph.initializer.push(
      { name: small, dims: [rows, columns], dataType: INT8, rawData: bytesOf(values) },
      { name: `${small}_scale`, dims: [columns], dataType: FLOAT32, rawData: bytesOf(scales) },
    );
    return small;
  }

  #add(opType: string, input: string[], output: string[], attribute: OnnxAttribute[] = []): void {
    this.#nodes.push({ opType, input, output, attribute, name: `${output[0]}_node` });
  }

  #dropUnused(): void {
    const used = new Set(this.#graph.node.flatMap((node) => node.input));
    const isLeft = ({ name }: { name: string }): boolean => !this.#weights.has(name) || used.has(name);
    this.#graph.initializer = this.#graph.initializer.filter(isLeft);
    this.#graph.input = this.#graph.input.filter(isLeft);
  }
}

/** A stored matrix, row-major. */
interface Weights {
  readonly tensor: OnnxTensor;
  readonly rows: number;
  readonly columns: number;
}

/** The stored right side of a product. */
function weightsOf(
  { opType, input }: OnnxNode,
  stored: ReadonlyMap<string, OnnxTensor>,
): Weights | undefined {
  const tensor = opType === "MatMul" ? stored.get(input[1]!) : undefined;
  if (tensor?.dataType !== FLOAT32) return undefined;
  const [rows, columns, ...more] = tensorShape(tensor);
  if (rows === undefined || columns === undefined || more.length > 0) return undefined;
  return storedCount(tensor) === rows * columns ? { tensor, rows, columns } : undefined;
}

/** Every column with a scale of its own; its largest pair of neighbours becomes {@link LARGEST_PAIR}. */
function quantisedColumns({ tensor, rows, columns }: Weights): { values: Int8Array; scales: Float32Array } {
  const weights = storedFloats(tensor);
  const scales = new Float32Array(columns);
  for (let i = 0; i < weights.length; i++) {
    const below = i + columns < weights.length ? Math.abs(weights[i + columns]!) : 0;
    const column = i % columns;
    scales[column] = Math.max(scales[column]!, (Math.abs(weights[i]!) + below) / LARGEST_PAIR);
  }
  const values = new Int8Array(rows * columns);
  for (let i = 0; i < values.length; i++) values[i] = Math.round(weights[i]! / (scales[i % columns]! || 1));
  return { values, scales };
}

function bytesOf({ buffer, byteOffset, byteLength }: Int8Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
