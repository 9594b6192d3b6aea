/** The engine process's worker thread: the SDK, and the requests that need it. */
import { parentPort, workerData } from "node:worker_threads";
import { PortMessageReader, PortMessageWriter } from "vscode-jsonrpc/node.js";
import type { EngineProcessOptions } from "../../protocol/engine.ts";
import { answerRequests } from "./answer-requests.ts";
import { LazyModel } from "./lazy-model.ts";
import type { WorkerMessage } from "./worker-messages.ts";

const port = parentPort!;
const options = JSON.parse(workerData as string) as EngineProcessOptions;
const model = new LazyModel(options, (state) => port.postMessage({ model: state } satisfies WorkerMessage));
answerRequests(new PortMessageReader(port), new PortMessageWriter(port), model, options);
