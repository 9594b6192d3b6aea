import { type Runtime, Session } from "node:inspector";
import { setTimeout as sleep } from "node:timers/promises";
import { HANDLE, type Handle } from "./thread-messages.ts";

/** Code that does not let the event loop turn for so long keeps running: it has to be stopped. */
const BUSY_MS = 500;

/** The control thread's hand on the main thread. It works inside the process: no port is opened. */
export class Interrupter {
  readonly #session = new Session();
  #handle: Promise<string> | undefined;

  constructor() {
    this.#session.connectToMainThread();
  }

  /** Resolves once the main thread is set up. */
  async connect(): Promise<void> {
    this.#handle ??= this.#findHandle();
    await this.#handle;
  }

  /**
   * Aborts the running cell's signal, and stops code that keeps running until the event loop turns again. Resolves then.
   * Native code cannot be stopped: it is waited for.
   */
  async interrupt(): Promise<void> {
    // Answered from within a busy loop, too, but not from within native code.
    await this.#call("abort");
    // Each is answered in its turn; the first one that is ends the waiting.
    for (const turned = this.#call("turn"); ; ) {
      const isFree = await Promise.race([turned.then(() => true), sleep(BUSY_MS, false)]);
      if (isFree) return;
      await this.post("Runtime.terminateExecution", {});
    }
  }

  /** The main thread may still be on its way: its handle is looked for until it is there. */
  async #findHandle(): Promise<string> {
    const expression = `globalThis[Symbol.for(${JSON.stringify(HANDLE)})]`;
    for (;;) {
      const { result } = await this.post<Runtime.EvaluateReturnType>("Runtime.evaluate", { expression });
      if (result.objectId !== undefined) return result.objectId;
      await sleep(5);
    }
  }

  async #call(method: keyof Handle): Promise<void> {
    await this.connect();
    await this.post("Runtime.callFunctionOn", {
      objectId: await this.#handle,
      functionDeclaration: `function () { return this.${method}(); }`,
      // Waiting needs the event loop, also for what is no promise.
      awaitPromise: method === "turn",
    });
  }

  /** Asks the inspector of the main thread. Answered when that comes to it. */
  post<T>(method: string, params: object): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#session.post(method, params, (error, answer) => {
        if (error === null) resolve(answer as T);
        else reject(new Error(error.message));
      });
    });
  }
}
