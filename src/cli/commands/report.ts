/** `samrefiner report`: what a run did. */
import type { Command } from "commander";
import { reportRun, saveFile } from "../../sdk/mod.ts";
import type { Context } from "../context.ts";
import { Terminal } from "../terminal.ts";
import { counted } from "../units.ts";

interface ReportFlags {
  readonly html?: string;
  readonly csv?: string;
  readonly json?: string | true;
  readonly overwrite?: boolean;
}

const help = `
Regions are sorted by doubt: look at the first ones. Without options a summary is printed.

Examples:
  $ samrefiner report refined/samrefiner-run.jsonl --html report.html
  $ samrefiner report refined/samrefiner-run.jsonl --csv regions.csv --json run.json`;

/** Adds the command to the program. */
export function addReport(program: Command, context: Context): void {
  program
    .command("report")
    .description("show what a run did: what changed, what was kept, what failed and why")
    .argument("<journal>", "the run's journal")
    .option("--html <file>", "write one page with thumbnails that needs nothing but itself")
    .option("--csv <file>", "write a line for each region")
    .option("--json [file]", "write everything as JSON; without a file, print it")
    .option("--overwrite", "replace existing files")
    .addHelpText("after", help)
    .action((journal: string, flags: ReportFlags) => report(journal, flags, context));
}

async function report(journal: string, flags: ReportFlags, { io }: Context): Promise<void> {
  const terminal = new Terminal(io, { json: flags.json === true });
  const run = reportRun(journal);
  const options = { overwrite: flags.overwrite === true };
  const write = async (path: string, text: string): Promise<void> => {
    await saveFile(path, new TextEncoder().encode(text), options);
    terminal.line(`→ ${path}`);
  };
  const json = `${JSON.stringify(run.report, undefined, 2)}\n`;
  if (typeof flags.json === "string") await write(flags.json, json);
  if (flags.csv !== undefined) await write(flags.csv, run.csv());
  if (flags.html !== undefined) await write(flags.html, await run.html());
  if (flags.json === true) terminal.json(run.report);
  const { photos, failed, regions } = run.report.totals;
  const { refined, kept, unchanged } = regions;
  const { accepted, rejected } = run.report.decisions;
  const reviewed = accepted + rejected === 0 ? "" : `; reviewed: ${accepted} accepted, ${rejected} rejected`;
  terminal.line(
    `${counted(photos, "photo")}: regions ${refined} refined, ${kept} kept, ${unchanged} unchanged, ${regions.failed} failed; ${failed} with failures${reviewed}${run.report.ended === undefined ? "; the run has not ended" : ""}`,
  );
}
