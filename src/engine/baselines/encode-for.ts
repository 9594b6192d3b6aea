/** Embeddings for those methods that need one. */
import type { Photo } from "../../core/lab.ts";
import type { MethodSettings } from "../../core/settings.ts";
import type { Encoded, Engine } from "../engine.ts";
import type { Workload } from "../schedule.ts";

/** What a method is given that never asks SAM. */
const NOTHING: Encoded = { embedding: new Float32Array(0), encoderRuns: 0, runtimeMs: 0 };

/** The embedding of a photo, as {@link Engine.encode}; an empty one where all that is to be done needs the photo alone. */
export async function encodeFor(
  engine: Pick<Engine, "encode">,
  photo: Photo,
  identity: string | undefined,
  tasks: readonly { readonly settings: Pick<MethodSettings, "method"> }[],
  workload?: Workload,
  signal?: AbortSignal,
): Promise<Encoded> {
  const needsNone = tasks.every(({ settings }) => settings.method === "crf");
  return needsNone && tasks.length > 0 ? NOTHING : engine.encode(photo, identity, workload, signal);
}
