import type { EngineStatus } from "../../protocol/engine.ts";
import type { ModelState } from "./worker-messages.ts";

/** What the process is doing, from its model and the number of requests under way. */
export function statusOf({ state: model, ...rest }: ModelState, pending: number): EngineStatus {
  return {
    state: stateOf(model, pending),
    pending,
    ...rest,
    pid: process.pid,
    node: process.versions.node,
    memory: process.memoryUsage.rss(),
  };
}

function stateOf(model: ModelState["state"], pending: number): EngineStatus["state"] {
  if (model === "loading") return "loading";
  if (pending > 0) return "busy";
  return model === "failed" ? "failed" : "idle";
}
