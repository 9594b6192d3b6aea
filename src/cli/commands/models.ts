/** `samrefiner models`: the group of commands about model files. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { addModelsFetch } from "./models-fetch.ts";
import { addModelsList } from "./models-list.ts";
import { addModelsPath } from "./models-path.ts";

/** Adds the group to the program. */
export function addModels(program: Command, context: Context): void {
  const models = program.command("models").description("show and check model files");
  addModelsList(models, context);
  addModelsPath(models, context);
  addModelsFetch(models, context);
}
