/** `samrefiner models fetch`. */
import type { Command } from "commander";
import { chosenModels } from "../chosen-models.ts";
import type { Context } from "../context.ts";
import { Terminal } from "../terminal.ts";

/** Adds the command to its group. */
export function addModelsFetch(models: Command, { io }: Context): void {
  models
    .command("fetch")
    .description("check that a model's files are here and intact; built-in models come with the install")
    .argument("[name]", "built-in model (default: all)")
    .action(async (name: string | undefined) => {
      const terminal = new Terminal(io, {});
      for (const model of await chosenModels(name))
        terminal.line(`${model.name}: came with the install, its files are complete; nothing to fetch`);
    });
}
