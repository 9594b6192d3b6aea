/** `samrefiner restore`: the originals of an in-place run. */
import type { Command } from "commander";
import { restoreRun } from "../../sdk/mod.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { Terminal, type Voice } from "../terminal.ts";
import { counted } from "../units.ts";

interface RestoreFlags extends Voice {
  readonly force?: boolean;
}

/** Adds the command to the program. */
export function addRestore(program: Command, context: Context): void {
  program
    .command("restore")
    .description("bring back the originals that an in-place run has replaced")
    .argument("<journal>", "the run's journal")
    .option("--force", "also replace files that were changed since the run")
    .option("--json", "print a JSON list of the files")
    .option("--quiet", "print errors only")
    .action((journal: string, flags: RestoreFlags) => restore(journal, flags, context));
}

async function restore(journal: string, flags: RestoreFlags, context: Context): Promise<void> {
  const terminal = new Terminal(context.io, flags);
  const files = await restoreRun(journal, { force: flags.force === true, signal: context.io.signal });
  const refused = files.filter(({ outcome }) => outcome === "refused");
  for (const { reason = "" } of refused) terminal.error(`${reason} (--force replaces it all the same)`);
  if (flags.json === true) terminal.json(files);
  const restored = files.filter(({ outcome }) => outcome === "restored").length;
  const original = files.length - restored - refused.length;
  terminal.line(
    `${counted(restored, "file")} restored, ${original} as before the run already, ${refused.length} refused`,
  );
  if (refused.length > 0) context.exitCode = exitCodes.refused;
}
