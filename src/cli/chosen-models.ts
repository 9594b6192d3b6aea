/** Models by name. */
import { listModels, ModelError, type ModelInfo } from "../sdk/mod.ts";

/** A model whose files are here. */
export type CompleteModel = ModelInfo & Required<Pick<ModelInfo, "files">>;

/**
 * The model of a name, or all that are here.
 *
 * @throws {ModelError} when the name is unknown, or files are missing or damaged
 */
export async function chosenModels(name: string | undefined): Promise<CompleteModel[]> {
  const all = await listModels();
  if (name === undefined) return all.filter(isComplete);
  const chosen = all.find((model) => model.name === name);
  if (chosen === undefined) {
    const names = all.map((model) => model.name).join(", ");
    throw new ModelError(`Unknown model "${name}": expected ${names}`);
  }
  if (isComplete(chosen)) return [chosen];
  const { problem, source } = chosen;
  throw new ModelError(
    source === "embedded" ? `${problem}; install samrefiner again to get it` : `${problem}`,
  );
}

function isComplete(model: ModelInfo): model is CompleteModel {
  return model.files !== undefined;
}
