/** What goes between the process's main thread and its worker thread: JSON-RPC messages as they are, and one of our own. */

/** The model in the worker thread. */
export interface ModelState {
  readonly state: "closed" | "loading" | "ready" | "failed";
  readonly device?: string;
  readonly model?: string;
  readonly attempts: readonly { readonly device: string; readonly outcome: string }[];
  /** Why it could not be opened. */
  readonly error?: string;
}

/** What the worker thread tells: an answer or a notification for the host, or how its model is. */
export type WorkerMessage = JsonRpcMessage | { readonly model: ModelState };

/** A JSON-RPC message, as far as the main thread looks into it. */
export interface JsonRpcMessage {
  readonly jsonrpc: string;
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
}

/** Whether something that came over a channel is a JSON-RPC message. */
export function isJsonRpc(message: unknown): message is JsonRpcMessage {
  return typeof message === "object" && message !== null && "jsonrpc" in message;
}
