/** `samrefiner adaptors`: the IoU adaptors of a folder. */
import type { Command } from "commander";
import { type AdaptorInfo, listAdaptors } from "../../sdk/mod.ts";
import type { Context } from "../context.ts";
import { alignColumns } from "../table.ts";
import { Terminal, type Voice } from "../terminal.ts";
import { percent } from "../units.ts";

/** Adds the command to the program. */
export function addAdaptors(program: Command, { io }: Context): void {
  program
    .command("adaptors")
    .description("list IoU adaptors: name, model, top-1 agreement before and after, recommendation")
    .argument("[folder]", "where they lie (default: the user's folder of adaptors)")
    .option("--json", "print a JSON list")
    .action(async (folder: string | undefined, flags: Voice) => {
      const terminal = new Terminal(io, flags);
      const infos = await listAdaptors(folder);
      if (flags.json === true) return terminal.json(infos);
      for (const line of alignColumns(infos.map(rowOf))) terminal.line(line);
    });
}

function rowOf({ path, adaptor, problem }: AdaptorInfo): string[] {
  if (adaptor === undefined) return [path, problem ?? ""];
  const { name, model, before, after, recommended } = adaptor;
  return [
    ...[path, name, `${model.name} ${model.sha256.slice(0, 8)}`],
    `top-1 ${percent(before.top1)} → ${percent(after.top1)} %`,
    recommended ? "recommended" : "not recommended",
  ];
}
