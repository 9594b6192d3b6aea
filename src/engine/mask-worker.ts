/** A worker thread: whole regions refined in it, with a decoder of one CPU thread, or by asking for the device's. */
import { parentPort, workerData } from "node:worker_threads";
import { packError } from "../core/errors.ts";
import { AskDecoder, type Reply } from "./ask-decoder.ts";
import { Cascade, type CascadeTask, type EncodedPhoto } from "./cascade.ts";
import { Decoder } from "./decoder.ts";
import { type CascadeRun, driveCascades } from "./drive-cascades.ts";
import type { RewrittenDecoder } from "./rewrite-decoder.ts";

/** What a worker is started with. */
export interface WorkerSetup {
  /** Absent where the decoder is on a device: then the thread that has it is asked. */
  readonly decoder?: RewrittenDecoder;
  readonly name: string;
}

/** One region to refine. */
export interface WorkerRequest {
  readonly encoded: EncodedPhoto;
  readonly task: CascadeTask;
}

const { decoder: rewritten, name } = workerData as WorkerSetup;
const port = parentPort!;
const remote = new AskDecoder(port);
const decoder =
  rewritten === undefined
    ? Promise.resolve({ decoder: remote, close: async () => undefined })
    : Decoder.open(rewritten, name, "cpu", 1).then((open) => ({ decoder: open, close: () => open.close() }));
decoder.then(
  () => port.postMessage({ ready: true }),
  (error: unknown) => port.postMessage({ ready: false, error: packError(error) }),
);

port.on("message", async (message: WorkerRequest | Reply | "close") => {
  if (message === "close") {
    // Without its port the thread has nothing left to wait for and ends.
    port.close();
    await decoder.then((open) => open.close()).catch(() => undefined);
    return;
  }
  if (!("task" in message)) {
    remote.take(message);
    return;
  }
  const { encoded, task } = message;
  try {
    const opened = await decoder;
    const run = await driveCascades([new Cascade(encoded, task)], opened.decoder, encoded, 1);
    port.postMessage({ run }, buffersOf(run));
  } catch (error) {
    port.postMessage({ error: packError(error) });
  }
});

/** Buffers of the refined windows: handed over instead of copied. */
function buffersOf({ results }: CascadeRun): ArrayBuffer[] {
  const arrays = results.flatMap(({ refined }) => [refined?.mask, refined?.logits]);
  const buffers = arrays.flatMap((array) => (array?.buffer instanceof ArrayBuffer ? [array.buffer] : []));
  return [...new Set(buffers)];
}
