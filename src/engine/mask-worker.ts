/** A worker thread: one decoder with one CPU thread, whole regions refined in it. */
import { parentPort, workerData } from "node:worker_threads";
import type { Mask } from "../core/mask.ts";
import type { MethodSettings } from "../core/settings.ts";
import { Cascade, type EncodedPhoto } from "./cascade.ts";
import { Decoder } from "./decoder.ts";
import { driveCascades } from "./drive-cascades.ts";
import type { RewrittenDecoder } from "./rewrite-decoder.ts";

/** What a worker is started with. */
export interface WorkerSetup {
  readonly decoder: RewrittenDecoder;
  readonly name: string;
}

/** One region to refine. */
export interface WorkerRequest {
  readonly encoded: EncodedPhoto;
  readonly mask: Mask;
  readonly settings: MethodSettings;
  readonly keepMasks: boolean;
}

const { decoder: rewritten, name } = workerData as WorkerSetup;
const port = parentPort!;
const decoder = Decoder.open(rewritten, name, "cpu", 1);
decoder.then(
  () => port.postMessage({ ready: true }),
  (error: Error) => port.postMessage({ ready: false, error }),
);

port.on("message", async ({ encoded, mask, settings, keepMasks }: WorkerRequest) => {
  try {
    const cascade = new Cascade(encoded, mask, settings, keepMasks);
    const run = await driveCascades([cascade], await decoder, encoded, 1);
    port.postMessage({ run });
  } catch (error) {
    port.postMessage({ error });
  }
});
