/** Weights that a model keeps in other files beside it. */
import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { ModelError } from "../core/errors.ts";
import type { OnnxGraph, OnnxTensor } from "./onnx-model.ts";

/** {@link OnnxTensor.dataLocation} of a tensor whose values are in another file. */
const EXTERNAL = 1;

/**
 * The files that a graph's weights are in, as it names them: relative to the model.
 *
 * @param path of the model
 * @throws {ModelError} where one of them would lie outside of the model's folder
 */
export function externalFiles({ initializer }: OnnxGraph, path: string): string[] {
  const names = initializer.filter(isExternal).map((tensor) => placeOf(tensor, path).location);
  return [...new Set(names)];
}

/**
 * Reads a graph's weights into the graph.
 *
 * @param path of the model
 * @throws {ModelError} where a file is missing, too short, or outside of the model's folder
 */
export async function inlineExternalData(graph: OnnxGraph, path: string): Promise<void> {
  const files = new Map<string, Buffer>();
  for (const tensor of graph.initializer.filter(isExternal)) {
    const { location, offset, length } = placeOf(tensor, path);
    if (!files.has(location)) files.set(location, await readWeights(location, path));
    const bytes = files.get(location)!;
    const end = length === undefined ? bytes.length : offset + length;
    if (end > bytes.length)
      throw new ModelError(
        `${join(dirname(path), location)} has ${bytes.length} bytes: expected ${end}, because ${path} keeps weights there`,
      );
    tensor.rawData = bytes.subarray(offset, end);
    tensor.externalData = [];
    tensor.dataLocation = 0;
  }
}

function isExternal({ dataLocation }: OnnxTensor): boolean {
  return dataLocation === EXTERNAL;
}

interface Place {
  readonly location: string;
  readonly offset: number;
  readonly length: number | undefined;
}

function placeOf({ name, externalData = [] }: OnnxTensor, path: string): Place {
  const entries = new Map(externalData.map(({ key, value }) => [key, value]));
  const location = entries.get("location") ?? "";
  const offset = Number(entries.get("offset") ?? 0);
  const length = entries.has("length") ? Number(entries.get("length")) : undefined;
  if (!staysInside(location, dirname(resolve(path))))
    throw new ModelError(
      `${path} keeps the weights "${name}" in "${location}": expected a file in the model's own folder`,
    );
  if (![offset, length ?? 0].every((value) => Number.isSafeInteger(value) && value >= 0))
    throw new ModelError(
      `${path} keeps the weights "${name}" at ${entries.get("offset")}, ${entries.get("length")} bytes: expected whole numbers`,
    );
  return { location, offset, length };
}

function staysInside(location: string, folder: string): boolean {
  const way = relative(folder, resolve(folder, location));
  return location !== "" && !isAbsolute(location) && way !== "" && !way.startsWith("..") && !isAbsolute(way);
}

function readWeights(location: string, path: string): Promise<Buffer> {
  const file = join(dirname(path), location);
  return readFile(file).catch((cause: Error) => {
    throw new ModelError(`${file} cannot be read (${cause.message}): ${path} keeps weights there`, { cause });
  });
}
