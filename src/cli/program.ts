/** The command line as the parser sees it. */
import { Command } from "commander";
import { version } from "../sdk/mod.ts";
import { addAdapt } from "./commands/adapt.ts";
import { addAdaptors } from "./commands/adaptors.ts";
import { addBench } from "./commands/bench.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addEvaluate } from "./commands/evaluate.ts";
import { addModels } from "./commands/models.ts";
import { addQueue } from "./commands/queue.ts";
import { addRefine } from "./commands/refine.ts";
import { addReport } from "./commands/report.ts";
import { addRestore } from "./commands/restore.ts";
import { addRun } from "./commands/run.ts";
import { addSimulate } from "./commands/simulate.ts";
import { addWorker } from "./commands/worker.ts";
import type { Context } from "./context.ts";
import { exitCodeHelp } from "./exit-codes.ts";

const examples = `
Examples:
  $ samrefiner refine mask.png --image photo.jpg        writes mask.refined.png
  $ samrefiner refine labels/*.png --out refined/       photos are found by name
  $ samrefiner run dataset/ --out refined/              masks and annotation files of a dataset
  $ samrefiner doctor                                   which device runs
  $ samrefiner help refine                              all options of a command
`;

/** The program with all its commands. */
export function createProgram(context: Context): Command {
  const { stdout, stderr } = context.io;
  const program = new Command("samrefiner")
    .description("Make coarse segmentation masks precise with the Segment Anything Model.")
    .version(version, "--version", "print the version")
    .option("--debug", "print stack traces of errors (or set DEBUG)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(`${oneLine(text)}\n`),
    })
    .addHelpText("after", `${examples}\n${exitCodeHelp()}`);
  addRefine(program, context);
  addRun(program, context);
  addWorker(program, context);
  addQueue(program, context);
  addAdapt(program, context);
  addAdaptors(program, context);
  addReport(program, context);
  addRestore(program, context);
  addBench(program, context);
  addEvaluate(program, context);
  addSimulate(program, context);
  addDoctor(program, context);
  addModels(program, context);
  return program;
}

/** The parser's message as every other one of this program. */
function oneLine(text: string): string {
  return text
    .trim()
    .replace(/^error: /, "samrefiner: ")
    .replaceAll("\n", " ");
}
