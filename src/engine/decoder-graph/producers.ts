/** Walking a graph against the flow of its data. */
import type { OnnxGraph, OnnxNode } from "../onnx-model.ts";

/** The node that makes each value. */
export type Producers = ReadonlyMap<string, OnnxNode>;

/** Who makes what. */
export function producerMap(graph: OnnxGraph): Producers {
  return new Map(graph.node.flatMap((node) => node.output.map((output) => [output, node] as const)));
}

/** Nodes that a value depends on, nearest first. */
export function* ancestors(value: string, producers: Producers): Generator<OnnxNode> {
  const seen = new Set<OnnxNode>();
  let front = [value];
  while (front.length > 0) {
    const nodes = front
      .map((name) => producers.get(name))
      .filter((node) => node !== undefined && !seen.has(node));
    front = [];
    for (const node of nodes as OnnxNode[]) {
      if (seen.has(node)) continue;
      seen.add(node);
      yield node;
      front.push(...node.input);
    }
  }
}

/** Whether a value depends on another one. */
export function dependsOn(value: string, on: string, producers: Producers): boolean {
  for (const { input } of ancestors(value, producers)) if (input.includes(on)) return true;
  return false;
}

/** Operations that hand their first input on: the same values, rounded or in another type. */
const PASSING = new Set(["Identity", "Cast", "QuantizeLinear", "DequantizeLinear"]);

/** The value behind casts and quantisation. */
export function behindCasts(value: string, producers: Producers): string {
  let at = value;
  for (let node = producers.get(at); node !== undefined && PASSING.has(node.opType); node = producers.get(at))
    at = node.input[0]!;
  return at;
}
