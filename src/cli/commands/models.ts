/** `samrefiner models`: the group of commands about model files. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { addModelsAdd } from "./models-add.ts";
import { addModelsFetch } from "./models-fetch.ts";
import { addModelsList } from "./models-list.ts";
import { addModelsPath } from "./models-path.ts";
import { addModelsRemove } from "./models-remove.ts";

/** Adds the group to the program. */
export function addModels(program: Command, context: Context): void {
  const models = program.command("models").description("list, fetch, add and remove models");
  addModelsList(models, context);
  addModelsPath(models, context);
  addModelsFetch(models, context);
  addModelsAdd(models, context);
  addModelsRemove(models, context);
}
