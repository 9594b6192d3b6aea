/** `samrefiner refine`: coarse masks in, refined masks out. */
import type { Command } from "commander";
import { type RefineOptions, readAdaptor } from "../../sdk/mod.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { type AdaptorFlag, addAdaptorOption } from "../options/adaptor-option.ts";
import { addEngineOptions, type EngineFlags, refinerOptions } from "../options/engine-options.ts";
import { addMethodOptions, type MethodFlags, methodOptions } from "../options/method-options.ts";
import {
  addModeOption,
  addReadingOptions,
  type ModeFlags,
  type ReadingFlags,
  readingOptions,
} from "../options/reading-options.ts";
import type { OutputFlags } from "../refine/output-paths.ts";
import { planJobs } from "../refine/plan-jobs.ts";
import { RefineReport } from "../refine/report.ts";
import { runJobs } from "../refine/run-jobs.ts";
import { Terminal, type Voice } from "../terminal.ts";
import { withRefiner } from "../with-refiner.ts";

interface RefineFlags
  extends AdaptorFlag,
    EngineFlags,
    MethodFlags,
    ModeFlags,
    OutputFlags,
    ReadingFlags,
    Voice {
  readonly image?: string;
}

const examples = `
Examples:
  $ samrefiner refine mask.png --image photo.jpg
  $ samrefiner refine labels/*.png --out refined/
  $ samrefiner refine mask.png --image photo.jpg --explain why.png --compare before-after.png
  $ samrefiner refine mask.png --image photo.jpg --preset paper --set iterations=3 gamma=2

Without --image, the photo is the one picture named like the mask, or like it without _mask, _seg,
_segmentation or _coarse, in the mask's folder or in images/, img/, JPEGImages/ or photos/ beside it.`;

/** Adds the command to the program. */
export function addRefine(program: Command, context: Context): void {
  const command = program
    .command("refine")
    .description("refine coarse masks")
    .argument("<mask...>", "mask files: PNG, or JPEG (thresholded)")
    .option("--image <photo>", "the photo of all the masks (default: found by name for each mask)")
    .option("--out <path>", "file to write, or folder (default: <name>.refined.png beside each mask)")
    .option("--explain <path>", "write a sheet of prompts, candidates and decisions: a file, or a folder")
    .option("--compare <path>", "write a sheet of coarse, refined and changes: a file, or a folder")
    .option("--overwrite", "replace existing files; a photo never is");
  addReadingOptions(addModeOption(command), "value never refined or overwritten");
  addAdaptorOption(addMethodOptions(command));
  addEngineOptions(command)
    .option("--json", "print one JSON object with everything that was done")
    .option("--quiet", "print errors only")
    .addHelpText("after", examples)
    .action((masks: readonly string[], flags: RefineFlags) => refine(masks, flags, context));
}

async function refine(masks: readonly string[], flags: RefineFlags, context: Context): Promise<void> {
  const { signal } = context.io;
  const refinerFlags = refinerOptions(flags);
  const terminal = new Terminal(context.io, flags);
  const report = new RefineReport(terminal);
  // Else every mask would be refused for it.
  const options = await refineOptions(flags);
  const { jobs, refusals } = await planJobs(masks, flags.image, flags);
  for (const refusal of refusals) report.refuse(refusal);
  try {
    if (jobs.length > 0) {
      await withRefiner(refinerFlags, terminal, signal, (refiner) =>
        runJobs(jobs, { refiner, options, report, terminal, signal }),
      );
    }
    if (masks.length > 1) terminal.line(report.summary());
  } catch (error) {
    report.fail(error);
    throw error;
  } finally {
    if (flags.json === true) terminal.json(report);
  }
  if (report.refusedAny) context.exitCode = exitCodes.refused;
}

async function refineOptions(flags: RefineFlags): Promise<RefineOptions> {
  const { adaptor } = flags;
  return {
    ...methodOptions(flags),
    ...(adaptor === undefined ? {} : { adaptor: await readAdaptor(adaptor) }),
    mode: flags.mode,
    ...readingOptions(flags),
  };
}
