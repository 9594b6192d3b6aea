import type { Engine, EngineOptions } from "./engine-api.ts";
import { EngineClient } from "./engine-client.ts";

/** Makes an engine; nothing is started before the first request. */
export function createEngine(options: EngineOptions): Engine {
  return new EngineClient(options);
}
