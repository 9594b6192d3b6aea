import { ResponseError } from "vscode-jsonrpc/node.js";
import { EngineErrorCode } from "../../protocol/engine.ts";
import { EngineError, type EngineErrorKind } from "./engine-api.ts";

/** What the process answered instead of a result, for whoever asked. */
export function engineError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (!(error instanceof ResponseError)) return error;
  if (error.code === EngineErrorCode.cancelled) return signal?.reason ?? error;
  const { kind = "InternalError" } = (error.data ?? {}) as { kind?: EngineErrorKind };
  return new EngineError(kind, error.message);
}
