import { type Runtime, Session } from "node:inspector";
import { promiseHooks } from "node:v8";
import type { CellOutcome } from "../../protocol/kernel.ts";

/** The inspector's words for code that was stopped from outside; newer versions only say so. */
const TERMINATED = /terminated|-32603/i;
/** Name of the inspector's handles of one run, so that they can be let go together. */
const HANDLES = "cell";
/** Where scripts of the inspector find what takes their values; nobody else's business, thus a symbol. */
const RECEIVE: unique symbol = Symbol.for("samrefiner.kernel.receive");

/** What is done with a run's value and failure. */
export interface EvaluatorHooks {
  /** Shows the value of the last expression. */
  readonly show: (value: unknown) => void | Promise<void>;
  /** @param place where V8 found it, from 1, for failures without a stack of their own */
  readonly describe: (thrown: unknown, place?: { line: number; column: number }) => CellOutcome;
}

/** Evaluates scripts as the REPL does: `const` may be declared again, `await` is allowed, variables stay. */
export class Evaluator {
  readonly #session = new Session();
  readonly #hooks: EvaluatorHooks;
  /** Promises of scripts that have not ended. */
  readonly #waiting = new Set<Promise<unknown>>();
  #receiver: Promise<string> | undefined;
  #received: unknown;

  constructor(hooks: EvaluatorHooks) {
    this.#hooks = hooks;
    // A session in the thread itself: one of another thread could not be interrupted while it evaluates.
    this.#session.connect();
    const receive = (value: unknown): void => {
      this.#received = value;
    };
    Object.defineProperty(globalThis, RECEIVE, { value: receive });
  }

  /** Evaluates a script and shows its value. Never rejects; never settles where the script waits for ever. */
  async evaluate(expression: string): Promise<CellOutcome> {
    const script: { promise?: Promise<unknown> } = {};
    try {
      return await this.#outcome(await this.#start(expression, script));
    } catch (error) {
      if (TERMINATED.test((error as Error).message)) return { status: "interrupted" };
      return this.#hooks.describe(error);
    } finally {
      if (script.promise !== undefined) this.#waiting.delete(script.promise);
      this.#session.post("Runtime.releaseObjectGroup", { objectGroup: HANDLES });
    }
  }

  /**
   * The inspector tells when the promise of a script was collected as garbage, in the middle of the collection, which
   * ends the process. So it is held until it settles: it is the first one made.
   */
  #start(expression: string, script: { promise?: Promise<unknown> }): Promise<Runtime.EvaluateReturnType> {
    const options = { expression, objectGroup: HANDLES, replMode: true, awaitPromise: true };
    let isStarted = false;
    const stop = promiseHooks.onInit((promise) => {
      if (!isStarted || script.promise !== undefined) return;
      script.promise = promise;
      this.#waiting.add(promise);
    });
    try {
      return this.#post("Runtime.evaluate", options, () => {
        isStarted = true;
      });
    } finally {
      stop();
    }
  }

  async #outcome({ result, exceptionDetails }: Runtime.EvaluateReturnType): Promise<CellOutcome> {
    if (exceptionDetails === undefined) {
      await this.#hooks.show(await this.#value(result));
      return { status: "ok" };
    }
    const { exception, lineNumber, columnNumber } = exceptionDetails;
    const thrown = exception === undefined ? undefined : await this.#value(exception);
    return this.#hooks.describe(thrown, { line: lineNumber + 1, column: columnNumber + 1 });
  }

  /** The value behind the inspector's handle. */
  async #value({ objectId, unserializableValue, value }: Runtime.RemoteObject): Promise<unknown> {
    if (objectId === undefined && unserializableValue === undefined) return value;
    this.#receiver ??= this.#findReceiver();
    await this.#post("Runtime.callFunctionOn", {
      objectId: await this.#receiver,
      functionDeclaration: "function (value) { this(value); }",
      arguments: [objectId === undefined ? { unserializableValue } : { objectId }],
    });
    const received = this.#received;
    this.#received = undefined;
    return received;
  }

  async #findReceiver(): Promise<string> {
    const expression = `globalThis[Symbol.for("${RECEIVE.description}")]`;
    const { result } = await this.#post<Runtime.EvaluateReturnType>("Runtime.evaluate", { expression });
    return result.objectId!;
  }

  /** @param onStart called right before the inspector gets it */
  #post<T>(method: string, params: object, onStart?: () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      onStart?.();
      this.#session.post(method, params, (error, answer) => {
        if (error === null) resolve(answer as T);
        else reject(new Error(error.message));
      });
    });
  }
}
