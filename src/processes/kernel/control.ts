/** The kernel's control thread: takes requests from the pipe that the extension holds, while the main thread runs cells. */

import { createRequire } from "node:module";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node.js";
import {
  type CellRun,
  KERNEL_PROTOCOL,
  type KernelGreeting,
  type KernelRequests,
} from "../../protocol/kernel.ts";
import { Backlog } from "./backlog.ts";
import { complete } from "./completer.ts";
import { Interrupter } from "./interrupter.ts";
import { OutputBatches } from "./output-batches.ts";
import { RunQueue } from "./run-queue.ts";
import type { ControlData, EvaluateMessage, MainMessage } from "./thread-messages.ts";

/** The pipe to the extension; 0 to 2 are the process's own streams. */
const PIPE = 3;

const main = parentPort!;
const backlog = new Backlog((workerData as ControlData).backlog);
const interrupter = new Interrupter();
const queue = new RunQueue({ start, interrupter });
const pipe = new Socket({ fd: PIPE, readable: true, writable: true });
const connection = createMessageConnection(new StreamMessageReader(pipe), new StreamMessageWriter(pipe));
const batches = new OutputBatches(({ run, output, size }) => {
  void connection.sendNotification("output", { run, output }).finally(() => backlog.remove(size));
});
const { compileCell } = createRequire(import.meta.url)(
  "./kernel-compiler.cjs",
) as typeof import("./compile/compiler.ts");

main.on("message", (message: MainMessage) => {
  if (message.type === "output") {
    batches.add(message);
    return;
  }
  batches.flush();
  queue.ended(message.run, message.outcome);
});
// Nobody is left to run cells for. An ordinary exit would wait for the main thread.
pipe.on("close", () => process.kill(process.pid, "SIGKILL"));
connection.onRequest("hello", greet);
connection.onRequest("run", (run: CellRun) => queue.run(run));
connection.onRequest("interrupt", () => queue.interrupt());
connection.onRequest("complete", (place: KernelRequests["complete"][0]) => complete(interrupter, place));
connection.listen();

async function greet(): Promise<KernelGreeting> {
  await interrupter.connect();
  return { protocol: KERNEL_PROTOCOL, pid: process.pid, node: process.versions.node };
}

function start({ id, code, name }: CellRun): void {
  const compiled = compileCell(code, name);
  if ("js" in compiled) {
    main.postMessage({ run: id, js: compiled.js, name } satisfies EvaluateMessage);
    return;
  }
  const { message, line, column } = compiled.error;
  const stack = `SyntaxError: ${message}\n    at ${name}:${line}:${column}`;
  queue.ended(id, { status: "error", error: { name: "SyntaxError", message, stack } });
}
