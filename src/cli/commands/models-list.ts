/** `samrefiner models list`. */
import type { Command } from "commander";
import { listModels } from "../../sdk/mod.ts";
import type { Context } from "../context.ts";
import { alignColumns } from "../table.ts";
import { Terminal, type Voice } from "../terminal.ts";

/** Adds the command to its group. */
export function addModelsList(models: Command, { io }: Context): void {
  models
    .command("list")
    .description("list the built-in models: name, licence, state")
    .option("--json", "print a JSON list")
    .action(async (flags: Voice) => {
      const terminal = new Terminal(io, flags);
      const infos = await listModels();
      if (flags.json === true) return terminal.json(infos);
      const rows = infos.map(({ name, licence, problem, description }) => [
        name,
        licence,
        problem ?? "ready",
        description,
      ]);
      for (const line of alignColumns(rows)) terminal.line(line);
    });
}
