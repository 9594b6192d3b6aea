/**
 * The kernel process of a notebook, started by the extension. Cells run in this thread. A second thread, `control.ts`,
 * talks to the extension, so that a cell that never stops can be interrupted.
 */
import { inspect } from "node:util";
import { Worker } from "node:worker_threads";
import type { CellOutput, KernelSetup } from "../../protocol/kernel.ts";
import { Backlog } from "./backlog.ts";
import { cleanStack, describeError } from "./describe-error.ts";
import { Evaluator } from "./evaluator.ts";
import { mimeBundle } from "./mime-bundle.ts";
import { registerHooks } from "./register-hooks.ts";
import { currentRun, latestRun, startRun } from "./runs.ts";
import { type EvaluateMessage, HANDLE, type Handle, type MainMessage } from "./thread-messages.ts";
import { defineGlobals } from "./user-globals.ts";
import { captureOutput, type Shower } from "./user-output.ts";

/** How long a process that exits waits for its last outputs to be sent. */
const DRAIN_MS = 2000;

const ownFolder = new URL(".", import.meta.url).href;
const setup = JSON.parse(process.argv[2] ?? "{}") as KernelSetup;
const backlog = new Backlog();
const control = new Worker(new URL("./kernel-control.js", import.meta.url), {
  workerData: { backlog: backlog.buffer },
});
const post = (message: MainMessage): void => control.postMessage(message);
const show: Shower = (shown) => {
  const output = withoutOwnFrames(shown);
  const size = JSON.stringify(output).length;
  backlog.add(size);
  post({ type: "output", run: currentRun().id, output, size });
};

process.chdir(setup.folder);
registerHooks(setup);
captureOutput(show);
defineGlobals(setup.folder, show);
const handle: Handle = {
  abort: () => latestRun().controller.abort(new DOMException("Interrupted", "AbortError")),
  turn: () => new Promise((resolve) => setImmediate(resolve)),
};
Object.defineProperty(globalThis, Symbol.for(HANDLE), { value: handle });
// What fails after its cell ended fails nobody else.
process.on("uncaughtException", (error) => tellLate("Uncaught", error));
process.on("unhandledRejection", (reason) => tellLate("Uncaught (in promise)", reason));
process.on("exit", () => backlog.drain(DRAIN_MS));

let cell = "";
const evaluator = new Evaluator({
  show: async (value) => {
    const data = await mimeBundle(value);
    if (data !== undefined) show({ kind: "display", data });
  },
  describe: (thrown, place) => ({
    status: "error",
    error: describeError(thrown, { ownFolder, cell, place }),
  }),
});
control.on("message", ({ run, js, name }: EvaluateMessage) => {
  cell = name;
  const ended = startRun(run, () => evaluator.evaluate(js));
  void ended.then((outcome) => post({ type: "ended", run, outcome }));
});

function tellLate(what: string, thrown: unknown): void {
  show({ kind: "stream", name: "stderr", text: `${what} ${inspect(thrown)}\n` });
}

/** Errors that cells print themselves. */
function withoutOwnFrames(output: CellOutput): CellOutput {
  if (output.kind !== "stream" || !output.text.includes(ownFolder)) return output;
  return { ...output, text: cleanStack(output.text, ownFolder) };
}
