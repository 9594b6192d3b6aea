/** Finding the IoU head. */
import { ModelError } from "../../core/errors.ts";
import { type OnnxGraph, type OnnxNode, tensorShape } from "../onnx-model.ts";
import { ancestors, type Producers } from "./producers.ts";
import { productOf } from "./products.ts";

/** The last layer of the IoU head. */
export interface IoUHead {
  /** Value with the predicted IoU of every token, `[B, tokens]`. */
  readonly iou: string;
  /** Input of the head's last layer, `[B, width]`. */
  readonly features: string;
  readonly tokens: number;
  readonly width: number;
}

/**
 * The nearest dense layer with stored weights before the predicted IoUs.
 *
 * @param masks value of all masks: scores computed from them have only the masks' own layers before them
 * @throws {ModelError} where there is none
 */
export function findIoUHead(graph: OnnxGraph, producers: Producers, masks: string, name: string): IoUHead {
  const stored = new Map(graph.initializer.map((tensor) => [tensor.name, tensorShape(tensor)]));
  const maskNodes = new Set(ancestors(masks, producers));
  for (const node of ancestors("iou_predictions", producers)) {
    if (maskNodes.has(node)) continue;
    const product = denseLayer(node, producers, stored);
    const shape = stored.get(product?.weight ?? "");
    if (product === undefined || shape?.length !== 2) continue;
    const [width, tokens] = [Math.max(...shape), Math.min(...shape)];
    return { iou: node.output[0]!, features: product.factor, tokens, width };
  }
  throw new ModelError(
    `${name} has no IoU head before its output "iou_predictions": expected an official-style SAM decoder`,
  );
}

/** The product of a dense layer: alone, or with a stored bias added. */
function denseLayer(node: OnnxNode, producers: Producers, stored: ReadonlyMap<string, unknown>) {
  if (node.opType !== "Add") return productOf(node.output[0]!, producers);
  const bias = node.input.findIndex((input) => stored.has(input) || isConstant(producers.get(input)));
  return bias < 0 ? undefined : productOf(node.input[1 - bias]!, producers);
}

/** Stored values, or values made of nothing but them. */
function isConstant(node: OnnxNode | undefined): boolean {
  return node?.opType === "Constant" || node?.opType === "DequantizeLinear" || node?.opType === "Cast";
}
