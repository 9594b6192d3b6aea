/** `samrefiner models list`. */
import type { Command } from "commander";
import { listModels, type ModelInfo } from "../../sdk/mod.ts";
import type { Context } from "../context.ts";
import { alignColumns } from "../table.ts";
import { Terminal, type Voice } from "../terminal.ts";
import { bytes } from "../units.ts";

/** Adds the command to its group. */
export function addModelsList(models: Command, { io }: Context): void {
  models
    .command("list")
    .description("list the models: name, size, licence, speed, what is on this machine")
    .option("--json", "print a JSON list")
    .action(async (flags: Voice) => {
      const terminal = new Terminal(io, flags);
      const infos = await listModels();
      if (flags.json === true) return terminal.json(infos);
      for (const line of alignColumns(infos.map(row), new Set([1]))) terminal.line(line);
      for (const { problem, fetchable } of infos)
        if (problem !== undefined && !fetchable) terminal.line(`\n${problem}`);
    });
}

function row(model: ModelInfo): string[] {
  const { name, licence, size, speed, description } = model;
  return [name, size === undefined ? "?" : bytes(size), licence, speed ?? "?", state(model), description];
}

function state({ problem, fetchable, onDisk, download }: ModelInfo): string {
  if (problem === undefined) return "ready";
  if (!fetchable) return "unusable";
  if (onDisk > 0) return `${bytes(onDisk)} here`;
  return download === undefined ? "to fetch" : `to fetch, ${bytes(download)}`;
}
