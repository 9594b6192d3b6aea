/** `samrefiner evaluate`: predictions against a ground truth. */
import { type Command, Option } from "commander";
import { type EvaluateOptions, evaluate } from "../../sdk/mod.ts";
import type { Context } from "../context.ts";
import { evaluationLines } from "../evaluate/evaluation-lines.ts";
import { exitCodes } from "../exit-codes.ts";
import { addReadingOptions, type ReadingFlags, readingOptions } from "../options/reading-options.ts";
import { Terminal } from "../terminal.ts";

interface EvaluateFlags extends ReadingFlags {
  readonly json?: boolean;
  readonly pred: string;
  readonly gt: string;
  readonly background?: boolean;
}

/** Problems printed one by one; the rest is counted. */
const SHOWN = 10;

const help = `
Compared are two mask files, or two folders of them by path or name (IoU, boundary IoU, mIoU, mBA); a file of
COCO results with a COCO file (mask AP, boundary AP); two annotation files of one format that hold the same
objects (IoU and boundary IoU of each). docs/evaluation.md defines the measures.

Examples:
  $ samrefiner evaluate --pred refined/ --gt truth/
  $ samrefiner evaluate --pred results.json --gt instances_val.json --json`;

/** Adds the command to the program. */
export function addEvaluate(program: Command, context: Context): void {
  const command = program
    .command("evaluate")
    .description("measure masks, results or annotations against ground truth; no model runs")
    .addOption(new Option("--pred <path>", "the predictions: a file or a folder").makeOptionMandatory())
    .addOption(new Option("--gt <path>", "the ground truth: a file or a folder").makeOptionMandatory());
  addReadingOptions(command, "value of the ground truth that counts nowhere")
    .option("--background", "0 is a class of its own, as in VOC's mIoU or Cityscapes' trainIds")
    .option("--json", "print one JSON object with everything, as fractions of 1")
    .addHelpText("after", help)
    .action((flags: EvaluateFlags) => run(flags, context));
}

async function run(flags: EvaluateFlags, context: Context): Promise<void> {
  const terminal = new Terminal(context.io, flags);
  try {
    const evaluation = await evaluate(flags.pred, flags.gt, options(flags, terminal, context.io.signal));
    for (const note of evaluation.notes) terminal.note(note);
    if (flags.json === true) terminal.json(evaluation);
    else for (const line of evaluationLines(evaluation)) terminal.line(line);
    sayProblems(evaluation.problems, terminal);
    if (evaluation.problems.length > 0) context.exitCode = exitCodes.refused;
  } finally {
    terminal.clear();
  }
}

function sayProblems(problems: readonly string[], terminal: Terminal): void {
  for (const problem of problems.slice(0, SHOWN)) terminal.error(problem);
  const more = problems.length - SHOWN;
  if (more > 0) terminal.error(`${more} more of these; --json lists all under "problems"`);
}

function options(flags: EvaluateFlags, terminal: Terminal, signal: AbortSignal): EvaluateOptions {
  return {
    ...readingOptions(flags),
    ...(flags.background === undefined ? {} : { background: flags.background }),
    signal,
    onPhoto: (done, total) => terminal.progress({ label: "comparing", done, total, unit: "photos" }),
  };
}
