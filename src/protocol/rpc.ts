/** A small typed RPC over any channel that carries structured clones: every request is answered, with a result or an error. */

/** Requests by name: parameters and answer. */
export type Requests<T> = { readonly [K in keyof T]: [params: unknown, result: unknown] };

/** What goes over the channel. */
export type RpcMessage =
  | { readonly rpc: "request"; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly rpc: "result"; readonly id: number; readonly result: unknown }
  | { readonly rpc: "error"; readonly id: number; readonly message: string }
  | { readonly rpc: "cancel"; readonly id: number };

/** Answers requests of the other side. */
export type Handlers<T extends Requests<T>> = {
  readonly [K in keyof T]: (params: T[K][0], signal: AbortSignal) => T[K][1] | Promise<T[K][1]>;
};

/** One end of a channel. */
export interface Rpc<Theirs extends Requests<Theirs>> {
  /**
   * Asks the other side.
   *
   * @throws {Error} with the other side's message; the signal's reason when aborted
   */
  request<K extends keyof Theirs & string>(
    method: K,
    params: Theirs[K][0],
    signal?: AbortSignal,
  ): Promise<Theirs[K][1]>;
  /** Takes a message from the channel; others than ours are ignored. */
  receive(message: unknown): void;
  /** Rejects what is still asked and what is asked later, and stops what is still being answered. */
  close(reason: string): void;
}

/** Makes one end: `post` sends to the other side, `handlers` answer it. */
export function createRpc<Theirs extends Requests<Theirs>, Ours extends Requests<Ours>>(
  post: (message: RpcMessage) => void,
  handlers: Handlers<Ours>,
): Rpc<Theirs> {
  const asked = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const answering = new Map<number, AbortController>();
  let next = 1;
  let closed: string | undefined;

  const answer = async (id: number, method: string, params: unknown): Promise<void> => {
    const controller = new AbortController();
    answering.set(id, controller);
    try {
      if (!Object.hasOwn(handlers, method)) throw new Error(`Unknown request "${method}"`);
      const handler = handlers[method as keyof Ours];
      const result = await handler(params as never, controller.signal);
      // The channel of a closed end may be gone.
      if (closed === undefined) post({ rpc: "result", id, result });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (closed === undefined) post({ rpc: "error", id, message });
    } finally {
      answering.delete(id);
    }
  };

  return {
    request: (method, params, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        if (closed !== undefined) throw new Error(closed);
        const id = next++;
        const cancel = (): void => {
          asked.delete(id);
          post({ rpc: "cancel", id });
          reject(signal!.reason);
        };
        const settled =
          <T>(settle: (value: T) => void) =>
          (value: T): void => {
            signal?.removeEventListener("abort", cancel);
            settle(value);
          };
        const call = { resolve: settled(resolve as (value: unknown) => void), reject: settled(reject) };
        signal?.addEventListener("abort", cancel, { once: true });
        asked.set(id, call);
        try {
          post({ rpc: "request", id, method, params });
        } catch (error) {
          asked.delete(id);
          call.reject(error as Error);
        }
      }),
    receive: (message) => {
      if (!isMessage(message)) return;
      if (message.rpc === "request") void answer(message.id, message.method, message.params);
      else if (message.rpc === "cancel") answering.get(message.id)?.abort();
      else {
        const call = asked.get(message.id);
        asked.delete(message.id);
        if (message.rpc === "result") call?.resolve(message.result);
        else call?.reject(new Error(message.message));
      }
    },
    close: (reason) => {
      closed = reason;
      for (const { reject } of asked.values()) reject(new Error(reason));
      asked.clear();
      for (const controller of answering.values()) controller.abort();
    },
  };
}

function isMessage(message: unknown): message is RpcMessage {
  return typeof message === "object" && message !== null && "rpc" in message && "id" in message;
}
