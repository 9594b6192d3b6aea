/** Built-in models by name. */
import { listModels, ModelError, type ModelInfo } from "../sdk/mod.ts";

/** A model whose files are here. */
export type CompleteModel = ModelInfo & Required<Pick<ModelInfo, "files">>;

/**
 * The model of a name, or all.
 *
 * @throws {ModelError} when the name is unknown, or files are missing or damaged
 */
export async function chosenModels(name: string | undefined): Promise<CompleteModel[]> {
  const all = await listModels();
  const chosen = name === undefined ? all : all.filter((model) => model.name === name);
  if (chosen.length === 0) {
    const names = all.map((model) => model.name).join(", ");
    throw new ModelError(`Unknown model "${name}": expected ${names}`);
  }
  return chosen.map(complete);
}

function complete(model: ModelInfo): CompleteModel {
  const { files, problem } = model;
  if (files !== undefined) return { ...model, files };
  throw new ModelError(`${problem}; install samrefiner again to get it`);
}
