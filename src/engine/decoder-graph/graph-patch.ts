/** New operations for a graph. */
import {
  ATTRIBUTE_INTS,
  FLOAT32,
  INT64,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
} from "../onnx-model.ts";

/** Operations and stored values under names that the graph does not have. */
export class GraphPatch {
  readonly #graph: OnnxGraph;
  readonly #taken: ReadonlySet<string>;
  readonly #prefix: string;
  readonly #nodes: OnnxNode[] = [];
  #count = 0;

  /** @param prefix what new names begin with */
  constructor(graph: OnnxGraph, prefix: string) {
    this.#graph = graph;
    this.#prefix = prefix;
    const { node, initializer, input } = graph;
    this.#taken = new Set([
      ...node.flatMap((one) => [...one.input, ...one.output, one.name]),
      ...[...initializer, ...input].map(({ name }) => name),
    ]);
  }

  /** Stores numbers; their name. */
  floats(shape: readonly number[], values: Float32Array): string {
    return this.#store(shape, FLOAT32, values);
  }

  /** An operation; the name of its output. */
  add(opType: string, input: string[], attribute: OnnxAttribute[] = []): string {
    const output = this.#fresh();
    this.#nodes.push({ opType, name: output, input, output: [output], attribute });
    return output;
  }

  /** @param sizes 0 for what stays as it is, −1 for what is left */
  reshape(value: string, ...sizes: readonly number[]): string {
    const shape = this.#store([sizes.length], INT64, BigInt64Array.from(sizes, BigInt));
    return this.add("Reshape", [value, shape]);
  }

  /** @param axes where each axis of the result comes from */
  transpose(value: string, ...axes: readonly number[]): string {
    return this.add("Transpose", [value], [{ name: "perm", type: ATTRIBUTE_INTS, ints: [...axes] }]);
  }

  /** Gives operations that stay, in the graph's order, the last new one's output in place of another value. */
  feed(nodes: readonly OnnxNode[], value: string): void {
    const last = this.#nodes.at(-1)!.output[0]!;
    for (const node of nodes) node.input = node.input.map((input) => (input === value ? last : input));
    this.#insertBefore(nodes[0]!);
  }

  /** Puts the new operations in the place of one that makes the same value. */
  replace(node: OnnxNode): void {
    this.#nodes.at(-1)!.output = node.output;
    this.#insertBefore(node);
    this.#graph.node.splice(this.#graph.node.indexOf(node), 1);
  }

  #insertBefore(node: OnnxNode): void {
    this.#graph.node.splice(this.#graph.node.indexOf(node), 0, ...this.#nodes);
  }

  #store(shape: readonly number[], dataType: number, values: Float32Array | BigInt64Array): string {
    const name = this.#fresh();
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#graph.initializer.push({ name, dims: [...shape], dataType, rawData });
    return name;
  }

  #fresh(): string {
    let name: string;
    do name = `${this.#prefix}_${this.#count++}`;
    while (this.#taken.has(name));
    return name;
  }
}
