/** `samrefiner run`: a dataset in, a refined dataset out. */
import type { Command } from "commander";
import {
  type DatasetPlan,
  geometries,
  OptionError,
  type OverlapsRule,
  overlapsRules,
  planRun,
  type RefineDatasetOptions,
  refineDatasetOnQueue,
} from "../../sdk/mod.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { type AdaptorFlag, adaptorOption, addAdaptorOption } from "../options/adaptor-option.ts";
import { choice } from "../options/choice.ts";
import { addDatasetOptions, type DatasetFlags } from "../options/dataset-options.ts";
import { addEngineOptions, type EngineFlags, refinerOptions } from "../options/engine-options.ts";
import { addMethodOptions, type MethodFlags, methodOptions } from "../options/method-options.ts";
import { modelOption } from "../options/model-options.ts";
import { number } from "../options/number.ts";
import { addQueueRunOptions, type QueueRunFlags, queueRunOptions } from "../options/queue-options.ts";
import {
  addModeOption,
  addReadingOptions,
  type ModeFlags,
  type ReadingFlags,
  readingOptions,
} from "../options/reading-options.ts";
import { planLines } from "../run/plan-lines.ts";
import { RunOutcome } from "../run/run-outcome.ts";
import { Stopped } from "../stop.ts";
import { Terminal, type Voice } from "../terminal.ts";
import { withRefiner } from "../with-refiner.ts";

interface RunFlags
  extends AdaptorFlag,
    DatasetFlags,
    EngineFlags,
    MethodFlags,
    ModeFlags,
    QueueRunFlags,
    ReadingFlags,
    Voice {
  readonly out?: string;
  readonly inPlace?: boolean;
  readonly overwrite?: boolean;
  readonly journal?: string;
  readonly resume?: boolean;
  readonly dryRun?: boolean;
  readonly overlaps: OverlapsRule;
  readonly geometry: (typeof geometries)[number];
  readonly tolerance?: number;
  readonly leastPart?: number;
}

const help = `
A journal (samrefiner-run.jsonl beside the results) keeps what is done: --resume continues after a crash or
Ctrl-C and does again what changed since. In place, originals are stored beside it, and "samrefiner restore"
brings them back; "samrefiner report" shows what was done. docs/datasets.md has the layouts and formats.
With --queue the photos are refined by workers ("samrefiner worker") on other machines: docs/scale.md.

Examples:
  $ samrefiner run dataset/ --out refined/ --dry-run
  $ samrefiner run dataset/ --out refined/
  $ samrefiner run annotations/instances.json --images photos/ --out refined/ --overlaps area
  $ samrefiner run dataset/ --in-place --resume
  $ samrefiner run /shared/dataset --out /shared/refined --queue redis://queue:6379`;

/** Adds the command to the program. */
export function addRun(program: Command, context: Context): void {
  const command = program
    .command("run")
    .description("refine a dataset: folders, masks, annotation files")
    .argument("<source...>", "folders, masks, or annotation files")
    .option("--out <folder>", "folder for the results, laid out as the dataset")
    .option("--in-place", "results replace their sources; originals are stored first")
    .option("--overwrite", "replace other files in --out, an earlier journal too")
    .option("--journal <file>", "the run's journal (default: samrefiner-run.jsonl beside the results)")
    .option("--resume", "continue the journal's run")
    .option("--dry-run", "list what would be done; no model is opened and nothing is written");
  addDatasetOptions(command)
    .option(
      "--overlaps <rule>",
      `who gets pixels that several annotated regions claim: ${overlapsRules.join(", ")}`,
      choice("overlaps rule", overlapsRules),
      "keep",
    )
    .option(
      "--geometry <kind>",
      `how annotation files say changed regions: ${geometries.join(", ")}`,
      choice("geometry", geometries),
      "same",
    )
    .option("--tolerance <px>", "most pixels that a polygon may leave the outline (default: 0.5)", number)
    .option(
      "--least-part <px>",
      "leave smaller parts and holes out of polygons, up to 1 % of a region (default: 32; 0 keeps all)",
      number,
    );
  addReadingOptions(addModeOption(command), "value never refined or overwritten");
  addAdaptorOption(addMethodOptions(command));
  addQueueRunOptions(command);
  addEngineOptions(command)
    .option("--json", "print one JSON object with everything that was done")
    .option("--quiet", "print errors only")
    .addHelpText("after", help)
    .action((sources: readonly string[], flags: RunFlags) => run(sources, flags, context));
}

async function run(sources: readonly string[], flags: RunFlags, context: Context): Promise<void> {
  const { signal } = context.io;
  const terminal = new Terminal(context.io, flags);
  const dataset = datasetOptions(flags, signal);
  const engine = refinerOptions(flags);
  terminal.progress({ label: "looking for masks and photos" });
  const plan = await planRun(sources, dataset);
  terminal.clear();
  for (const note of plan.notes) terminal.note(note);
  const outcome = new RunOutcome(terminal, plan, flags.json === true);
  if (flags.dryRun === true || plan.works.length === 0) {
    for (const line of planLines(plan)) terminal.line(line);
    outcome.planned();
  } else {
    try {
      const options = { ...dataset, onProgress: outcome.progress };
      if (flags.queue === undefined)
        await withRefiner(engine, terminal, signal, async (refiner) => {
          for await (const photo of refiner.refineDataset(plan, options)) outcome.add(photo);
        });
      else await onQueue(plan, flags, options, outcome, terminal);
      outcome.summary();
      if (outcome.failed && flags.out !== undefined)
        terminal.note(`what failed is not in ${flags.out}: --resume tries it again`);
    } catch (error) {
      outcome.stopped(error);
      if (error instanceof Stopped) terminal.note("what is done is kept: --resume continues from there");
      throw error;
    }
  }
  if (outcome.failed) context.exitCode = exitCodes.refused;
}

async function onQueue(
  plan: DatasetPlan,
  flags: RunFlags,
  dataset: RefineDatasetOptions,
  outcome: RunOutcome,
  terminal: Terminal,
): Promise<void> {
  const onNote = (sentence: string): void => terminal.note(sentence);
  const options = { ...dataset, ...modelOption(flags), ...queueRunOptions(flags), onNote };
  try {
    for await (const photo of refineDatasetOnQueue(plan, options)) outcome.add(photo);
  } finally {
    terminal.clear();
  }
}

function datasetOptions(flags: RunFlags, signal: AbortSignal): RefineDatasetOptions {
  const { dryRun = false, out, inPlace = false } = flags;
  if (!dryRun && (out === undefined) === !inPlace)
    throw new OptionError("--out or --in-place: expected one of them");
  return {
    ...{ out, inPlace, overwrite: flags.overwrite, journal: flags.journal, resume: flags.resume },
    ...{ pairing: flags.pairing ?? [], images: flags.images, format: flags.format },
    exclude: flags.exclude ?? [],
    ...{ overlaps: flags.overlaps, geometry: flags.geometry },
    ...(flags.tolerance === undefined ? {} : { tolerance: flags.tolerance }),
    ...(flags.leastPart === undefined ? {} : { leastPart: flags.leastPart }),
    ...methodOptions(flags),
    ...adaptorOption(flags),
    mode: flags.mode,
    ...readingOptions(flags),
    signal,
  };
}
