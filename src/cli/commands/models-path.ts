/** `samrefiner models path`. */
import type { Command } from "commander";
import { chosenModels } from "../chosen-models.ts";
import type { Context } from "../context.ts";
import { Terminal } from "../terminal.ts";

/** Adds the command to its group. */
export function addModelsPath(models: Command, { io }: Context): void {
  models
    .command("path")
    .description("print the paths of a model's files, one a line")
    .argument("[name]", "model (default: all that are here)")
    .action(async (name: string | undefined) => {
      const terminal = new Terminal(io, {});
      for (const { files } of await chosenModels(name)) {
        terminal.line(files.encoder);
        terminal.line(files.decoder);
      }
    });
}
