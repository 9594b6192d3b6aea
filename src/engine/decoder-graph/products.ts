/** Matrix products, however an exporter or a quantiser writes them. */
import type { OnnxNode } from "../onnx-model.ts";
import { behindCasts, type Producers } from "./producers.ts";

/** A matrix product: what it multiplies. */
export interface Product {
  /** The value it multiplies, before any quantisation. */
  readonly factor: string;
  /** The other value: a stored weight, or the second factor. */
  readonly weight: string;
}

const PLAIN = new Set(["MatMul", "Gemm", "FusedMatMul", "FusedGemm"]);

/**
 * The product that a value is, or `undefined`. Dynamic quantisation makes of it MatMulInteger, a cast and a scaling; fused,
 * one operation that does all three.
 */
export function productOf(value: string, producers: Producers): Product | undefined {
  const node = producers.get(behindCasts(value, producers));
  if (node === undefined) return undefined;
  if (PLAIN.has(node.opType) || node.opType === "DynamicQuantizeMatMul") return factors(node, producers);
  if (node.opType === "MatMulIntegerToFloat") return factors(node, producers);
  return node.opType === "Mul" ? scaledIntegerProduct(node, producers) : undefined;
}

function scaledIntegerProduct(scaling: OnnxNode, producers: Producers): Product | undefined {
  const integers = scaling.input
    .map((input) => producers.get(behindCasts(input, producers)))
    .find((node) => node?.opType === "MatMulInteger");
  return integers && factors(integers, producers);
}

function factors({ input }: OnnxNode, producers: Producers): Product {
  const [left = "", right = ""] = input;
  return { factor: beforeQuantisation(left, producers), weight: behindCasts(right, producers) };
}

/** Quantisation at run time computes its own scale; what it quantises is its input. */
function beforeQuantisation(value: string, producers: Producers): string {
  const node = producers.get(value);
  return node?.opType === "DynamicQuantizeLinear" ? node.input[0]! : value;
}
