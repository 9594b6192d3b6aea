import type { ProgressMessage } from "../../protocol/engine.ts";

/** What comes with every request. */
export interface RequestContext {
  readonly signal: AbortSignal;
  /** Tells the host how far the request is. */
  readonly progress: (step: Omit<ProgressMessage, "token">) => void;
}
