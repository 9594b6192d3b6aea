/** Looking into a graph: the operation behind a value, and what is stored in it. */
import {
  FLOAT32,
  INT64,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  tensorShape,
  wholeAttributes,
} from "../onnx-model.ts";
import { storedCount, storedFloats } from "../stored-floats.ts";
import { type Producers, producerMap } from "./producers.ts";

/** A stored tensor in float32. */
export interface StoredFloats {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array;
}

/** A graph to look for patterns in. It does not follow changes. */
export class GraphView {
  readonly #producers: Producers;
  readonly #stored: ReadonlyMap<string, OnnxTensor>;
  readonly #users = new Map<string, OnnxNode[]>();

  constructor(graph: OnnxGraph) {
    this.#producers = producerMap(graph);
    const constants = graph.node.flatMap(({ opType, output, attribute }) => {
      const tensor = opType === "Constant" ? attribute?.find(({ name }) => name === "value")?.t : undefined;
      return tensor ? [[output[0] ?? "", tensor] as const] : [];
    });
    this.#stored = new Map([
      ...graph.initializer.map((tensor) => [tensor.name, tensor] as const),
      ...constants,
    ]);
    for (const node of graph.node)
      for (const input of node.input) this.#users.set(input, [...(this.#users.get(input) ?? []), node]);
  }

  /** The operation that makes a value, where it is one of these. */
  made(value: string | undefined, ...types: readonly string[]): OnnxNode | undefined {
    const node = this.#producers.get(this.#behindNames(value));
    return node !== undefined && types.includes(node.opType) ? node : undefined;
  }

  /** Operations that take a value, where they are of that type. */
  users(value: string | undefined, type: string): OnnxNode[] {
    return (this.#users.get(value ?? "") ?? []).filter(({ opType }) => opType === type);
  }

  /**
   * A stored tensor in float32; `undefined` for any other value, and for a damaged one.
   *
   * @param axes how many it must have. @default any
   */
  floats(value: string | undefined, axes?: number): StoredFloats | undefined {
    const tensor = this.#stored.get(this.#behindNames(value));
    if (tensor === undefined || tensor.dataType !== FLOAT32 || tensor.dataLocation) return undefined;
    const shape = tensorShape(tensor);
    const count = shape.reduce((product, size) => product * size, 1);
    if (shape.length !== (axes ?? shape.length) || storedCount(tensor) !== count) return undefined;
    return { shape, values: storedFloats(tensor) };
  }

  /** A single stored number in float32, whatever its axes. */
  number(value: string | undefined): number | undefined {
    const values = this.floats(value)?.values;
    return values?.length === 1 ? values[0] : undefined;
  }

  /** Stored whole numbers. */
  wholes(value: string | undefined): number[] | undefined {
    const tensor = this.#stored.get(this.#behindNames(value));
    if (tensor === undefined || tensor.dataType !== INT64 || tensor.dataLocation) return undefined;
    const { rawData, int64Data = [] } = tensor;
    if (!rawData?.length) return int64Data.map(Number);
    if (rawData.length % BigInt64Array.BYTES_PER_ELEMENT > 0) return undefined;
    return Array.from(new BigInt64Array(Uint8Array.from(rawData).buffer), Number);
  }

  /** Exporters give one value several names. */
  #behindNames(value = ""): string {
    let at = value;
    for (let steps = 0; steps < 8; steps++) {
      const node = this.#producers.get(at);
      if (node?.opType !== "Identity") break;
      at = node.input[0] ?? "";
    }
    return at;
  }
}

/** Whether an operation is the transposition with these axes. */
export function isTransposition(node: OnnxNode | undefined, axes: readonly number[]): boolean {
  return node?.opType === "Transpose" && wholeAttributes(node, "perm")?.join() === axes.join();
}
