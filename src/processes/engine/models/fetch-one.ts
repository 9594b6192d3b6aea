import type { EngineRequests } from "../../../protocol/engine.ts";
import { fetchModel } from "../../../sdk/mod.ts";
import type { RequestContext } from "../request-context.ts";

/**
 * Answers `models/fetch`.
 *
 * @throws {ModelError} when it cannot be fetched, or is another one than was expected
 */
export async function fetchOne(
  name: string,
  { signal, progress }: RequestContext,
): Promise<EngineRequests["models/fetch"][1]> {
  const { fetched, pinned } = await fetchModel(name, {
    signal,
    onProgress: ({ file, done, total = 0 }) => progress({ stage: "fetch", done, total, item: file }),
  });
  return { fetched, pinned: pinned.map(({ file }) => file) };
}
