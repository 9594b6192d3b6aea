/** Where fetched and added models live. */
import { join } from "node:path";
import envPaths from "env-paths";

/** The user's folder of models; `SAMREFINER_MODELS` overrides it. A folder each, named after the model. */
export function defaultModelFolder(): string {
  return process.env["SAMREFINER_MODELS"] || join(envPaths("samrefiner", { suffix: "" }).data, "models");
}

/** The manifest of a model in the user's folder. */
export const MANIFEST = "model.json";
