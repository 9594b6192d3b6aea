import type { ModelView } from "../../../protocol/engine.ts";
import type { ModelInfo } from "../../../sdk/mod.ts";

/** A model without the paths of its files, which are the engine's alone. */
export function viewOfModel({ files, ...model }: ModelInfo): ModelView {
  return { ...model, ready: files !== undefined };
}
