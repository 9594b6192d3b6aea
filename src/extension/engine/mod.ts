/** What the rest of the extension uses of the engine's client. */
export { createEngine } from "./create-engine.ts";
export {
  type Engine,
  type EngineAnswer,
  EngineError,
  type EngineLog,
  type EngineOptions,
  type EngineParams,
  type EngineRequestOptions,
  type EngineState,
} from "./engine-api.ts";
export { findNode, type Runtime } from "./find-node.ts";
export { startOnAny } from "./start-on-any.ts";
