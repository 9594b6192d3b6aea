/** A model that answers with its input: the way from a device back to main memory. */
import { FLOAT32, type OnnxValue, serialiseOnnx } from "./onnx-model.ts";

/** Version 8 of the format with the operations of version 17, as fields of an ONNX file: what `serialiseOnnx` leaves out. */
const VERSIONS = [0x08, 8, 0x42, 4, 0x0a, 0, 0x10, 17];

/**
 * The bytes of a model that multiplies by one: what changes nothing at all is left out by the runtime, and its answer is
 * then the input itself.
 *
 * @param sizes shape of input and output, float32
 */
export function copierGraph(sizes: readonly number[]): Uint8Array {
  const one = {
    name: "one",
    dims: [1],
    dataType: FLOAT32,
    rawData: new Uint8Array(Float32Array.of(1).buffer),
  };
  const graph = serialiseOnnx({
    graph: {
      name: "copier",
      node: [{ opType: "Mul", input: ["there", "one"], output: ["here"], name: "copy" }],
      initializer: [one],
      input: [floats("there", sizes)],
      output: [floats("here", sizes)],
      valueInfo: [],
    },
  });
  const bytes = new Uint8Array(VERSIONS.length + graph.length);
  bytes.set(VERSIONS);
  bytes.set(graph, VERSIONS.length);
  return bytes;
}

function floats(name: string, sizes: readonly number[]): OnnxValue {
  const dim = sizes.map((dimValue) => ({ dimValue }));
  return { name, type: { tensorType: { elemType: FLOAT32, shape: { dim } } } };
}
