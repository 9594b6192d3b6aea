/** ONNX Runtime, loaded when it is first needed: many a script only reads masks or plans a run. */
import type * as ort from "onnxruntime-node";

let loaded: typeof ort | undefined;

/** The runtime. */
export async function loadRuntime(): Promise<typeof ort> {
  if (loaded !== undefined) return loaded;
  loaded = await import("onnxruntime-node");
  // The runtime prints its own errors to stderr; ours carry the text already.
  loaded.env.logLevel = "fatal";
  return loaded;
}

/**
 * The runtime where it has been loaded.
 *
 * @throws {Error} before {@link loadRuntime}
 */
export function loadedRuntime(): typeof ort {
  if (loaded === undefined) throw new Error("Cannot make a tensor: no session has been opened");
  return loaded;
}
