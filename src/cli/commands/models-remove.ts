/** `samrefiner models remove`. */
import type { Command } from "commander";
import { removeModel } from "../../sdk/mod.ts";
import type { Context } from "../context.ts";
import { Terminal } from "../terminal.ts";
import { bytes } from "../units.ts";

/** Adds the command to its group. */
export function addModelsRemove(models: Command, { io }: Context): void {
  models
    .command("remove")
    .description("remove a fetched or added model; own files stay where they are")
    .argument("<names...>", "models to remove")
    .action(async (names: readonly string[]) => {
      const terminal = new Terminal(io, {});
      for (const name of names) {
        const { freed } = await removeModel(name);
        terminal.line(`${name}: removed, ${bytes(freed)}`);
      }
    });
}
