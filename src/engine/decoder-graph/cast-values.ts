/** Values in another type: the engine feeds and reads float32, whatever a graph computes in. */
import {
  FLOAT16,
  FLOAT32,
  type OnnxGraph,
  type OnnxNode,
  type OnnxValue,
  wholeSetting,
} from "../onnx-model.ts";

/** Makes an input take float32, converted inside the graph. */
export function castInput(graph: OnnxGraph, input: OnnxValue): void {
  // What a file leaves out is null where protobufjs has read it.
  const type = input.type?.tensorType ?? undefined;
  if (type === undefined || type.elemType === FLOAT32) return;
  const converted = `${input.name}_converted`;
  for (const node of graph.node)
    node.input = node.input.map((value) => (value === input.name ? converted : value));
  graph.node.unshift(cast(input.name, converted, type.elemType));
  type.elemType = FLOAT32;
}

/**
 * A float32 copy of a value for the outside.
 *
 * @returns its name; the value's own where the graph computes in nothing else
 */
export function castOutput(graph: OnnxGraph, value: string): string {
  if (!graph.initializer.some(({ dataType }) => dataType === FLOAT16)) return value;
  const converted = `${value}_float32`;
  graph.node.push(cast(value, converted, FLOAT32));
  return converted;
}

function cast(from: string, to: string, type: number): OnnxNode {
  const attribute = [wholeSetting("to", type)];
  return { opType: "Cast", name: `cast_${to}`, input: [from], output: [to], attribute };
}
