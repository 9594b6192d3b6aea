/** What reads tensors back from a device. */
import type { InferenceSession } from "onnxruntime-node";
import { EMBEDDING_CHANNELS, EMBEDDING_SIZE } from "../core/frame.ts";
import type { DeviceName } from "./devices.ts";
import { loadRuntime } from "./load-runtime.ts";

/** Opens a model on a device that answers with an image embedding, in main memory. */
export async function openCopier(device: DeviceName): Promise<InferenceSession> {
  const [{ InferenceSession }, { copierGraph }] = await Promise.all([
    loadRuntime(),
    import("./copier-graph.ts"),
  ]);
  const bytes = copierGraph([1, EMBEDDING_CHANNELS, EMBEDDING_SIZE, EMBEDDING_SIZE]);
  return InferenceSession.create(bytes, { executionProviders: [device], logSeverityLevel: 4 });
}
