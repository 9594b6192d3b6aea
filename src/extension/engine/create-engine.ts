/** The engine that the extension uses. */
import type { Engine, EngineOptions } from "./engine-api.ts";

/** Makes an engine; nothing is started before the first request. */
export function createEngine(_options: EngineOptions): Engine {
  throw new Error("not yet");
}
