/** Finding the masks of all tokens. */
import { ModelError } from "../../core/errors.ts";
import { type OnnxGraph, storedNames } from "../onnx-model.ts";
import { ancestors, dependsOn, type Producers } from "./producers.ts";
import { productOf } from "./products.ts";

/** Values with masks, before any of them is selected. */
export interface MaskProducts {
  /** SAM's tokens, `[B, tokens, 256, 256]`. */
  readonly masks: string;
  /** HQ-SAM's own token, `[B, 1, 256, 256]`. */
  readonly hq?: string;
}

/**
 * The masks: hypernetwork outputs times the upscaled embedding, reshaped. HQ-SAM makes its own mask of features that its
 * other masks do not see.
 *
 * @param features name of the input with these features, where there is one
 * @throws {ModelError} where there is no such product
 */
export function findMaskProducts(
  graph: OnnxGraph,
  producers: Producers,
  features: string | undefined,
  name: string,
): MaskProducts {
  const products = maskProducts(graph, producers);
  if (features === undefined) {
    for (const masks of products) return { masks };
  } else {
    const all = [...products].map((value) => ({ value, isHq: dependsOn(value, features, producers) }));
    const hq = all.find(({ isHq }) => isHq)?.value;
    const masks = all.find(({ isHq }) => !isHq)?.value;
    // Features that every mask is made of have no token of their own.
    const found = masks ?? hq;
    if (found !== undefined)
      return hq === undefined || found === hq ? { masks: found } : { masks: found, hq };
  }
  throw new ModelError(
    `${name} has no mask product before its output "low_res_masks": expected an official-style SAM decoder`,
  );
}

/** Reshaped products of two computed values, nearest to the output first. */
function* maskProducts(graph: OnnxGraph, producers: Producers): Generator<string> {
  const stored = storedNames(graph);
  for (const node of ancestors("low_res_masks", producers)) {
    if (node.opType !== "Reshape") continue;
    const product = productOf(node.input[0]!, producers);
    if (product !== undefined && !stored.has(product.weight)) yield node.output[0]!;
  }
}
