/** `samrefiner adapt`: an IoU adaptor from a data set's coarse masks. */
import { type Command, Option } from "commander";
import {
  type AdaptionResult,
  type AdaptionSettings,
  type AdaptModelOptions,
  checkOutput,
  OptionError,
  publishedAdaption,
} from "../../sdk/mod.ts";
import { adaptionLines } from "../adapt/adaption-lines.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { addDatasetOptions, type DatasetFlags } from "../options/dataset-options.ts";
import { addEngineOptions, type EngineFlags, refinerOptions } from "../options/engine-options.ts";
import { addMethodOptions, type MethodFlags, methodOptions } from "../options/method-options.ts";
import { number } from "../options/number.ts";
import {
  addModeOption,
  addReadingOptions,
  type ModeFlags,
  type ReadingFlags,
  readingOptions,
} from "../options/reading-options.ts";
import { wholeNumber } from "../options/whole-number.ts";
import { Terminal, type Voice } from "../terminal.ts";
import { withRefiner } from "../with-refiner.ts";

interface AdaptFlags extends DatasetFlags, EngineFlags, MethodFlags, ModeFlags, ReadingFlags, Voice {
  readonly out: string;
  readonly name?: string;
  readonly overwrite?: boolean;
  readonly regions?: number;
  readonly heldOut?: number;
  readonly examples?: number;
  readonly rank: number;
  readonly margin: number;
  readonly learningRate: number;
  readonly decaySteps: readonly number[];
  readonly batch: number;
  readonly epochs: number;
  readonly seed: number;
}

const help = `
SAM predicts an IoU for each of its masks; the adaptor teaches that prediction to rank them as the coarse masks
of this data set do (SAMRefiner++). No ground truth is needed. A quarter of the photos is held out: the
figures are theirs, and so is the recommendation. Decodes are kept: a stopped command goes on from there,
and other training settings decode nothing again.

Examples:
  $ samrefiner adapt dataset/ --out plants.safetensors
  $ samrefiner run dataset/ --out refined/ --adaptor plants.safetensors`;

/** Adds the command to the program. */
export function addAdapt(program: Command, context: Context): void {
  const { rank, margin, learningRate, decaySteps, batch, epochs, seed } = publishedAdaption;
  const command = program
    .command("adapt")
    .description("train an IoU adaptor on a dataset's coarse masks (SAMRefiner++)")
    .argument("<source...>", "folders, masks, or annotation files")
    .addOption(
      new Option(
        "--out <file>",
        "the adaptor's file, or a bare name in the user's folder of adaptors",
      ).makeOptionMandatory(),
    )
    .option("--name <name>", "what it is called (default: the dataset's folder)")
    .option("--overwrite", "replace an existing file");
  addDatasetOptions(command)
    .option(
      "--regions <n>",
      "take photos until they have so many regions (default: 1000)",
      wholeNumber("--regions", 2, 1e6),
    )
    .option("--held-out <share>", "share of the photos that is tested on (default: 0.25)", number)
    .option("--examples <n>", "changed choices to show (default: 12)", wholeNumber("--examples", 0, 1e6))
    .option("--rank <n>", "rank of the change", wholeNumber("--rank", 1, 64), rank)
    .option("--margin <x>", "margin of the ranking loss", number, margin)
    .option("--learning-rate <x>", "first learning rate", number, learningRate)
    .option("--decay-steps <list>", "steps after which it is divided by 10", steps, decaySteps)
    .option("--batch <n>", "samples of one step", wholeNumber("--batch", 1, 1000), batch)
    .option("--epochs <n>", "how often every sample is used", wholeNumber("--epochs", 1, 1000), epochs)
    .option("--seed <n>", "random start, order and split", wholeNumber("--seed", 0, 2 ** 32 - 1), seed);
  addReadingOptions(addModeOption(command), "value that is no region");
  addMethodOptions(command);
  addEngineOptions(command)
    .option("--json", "print one JSON object with the report")
    .option("--quiet", "print errors only")
    .addHelpText("after", help)
    .action((sources: readonly string[], flags: AdaptFlags) => run(sources, flags, context));
}

function steps(text: string): number[] {
  const list = text.trim() === "" ? [] : text.split(",").map(Number);
  if (list.every((step) => Number.isInteger(step) && step > 0)) return list;
  throw new OptionError(`--decay-steps is "${text}": expected whole numbers with commas between them`);
}

async function run(sources: readonly string[], flags: AdaptFlags, context: Context): Promise<void> {
  const { signal } = context.io;
  const { overwrite = false } = flags;
  const terminal = new Terminal(context.io, flags);
  if (isPath(flags.out)) await checkOutput(flags.out, { overwrite });
  await withRefiner(refinerOptions(flags), terminal, signal, async (refiner) => {
    const result = await refiner.adapt(sources, {
      ...adaptOptions(flags),
      signal,
      onPlan: ({ notes }) => {
        for (const note of notes) terminal.note(note);
      },
      onProgress: ({ stage, photosDone, photosTotal, regionsDone, regionsLimit }) =>
        terminal.progress(
          stage === "train"
            ? { label: "training" }
            : regionsLimit * photosDone < regionsDone * photosTotal
              ? { label: "decoding", done: regionsDone, total: regionsLimit, unit: "regions" }
              : { label: "decoding", done: photosDone, total: photosTotal, unit: "photos" },
        ),
    });
    await tell(result, flags, terminal);
    if (result.failures.length > 0) context.exitCode = exitCodes.refused;
  });
}

async function tell(result: AdaptionResult, flags: AdaptFlags, terminal: Terminal): Promise<void> {
  const { adaptor, save, ...report } = result;
  const { overwrite = false } = flags;
  for (const { message } of report.failures) terminal.error(message);
  const path = await save(flags.out, { overwrite });
  for (const line of adaptionLines(report, path)) terminal.line(line);
  const { weights: _, ...about } = adaptor;
  if (flags.json === true) terminal.json({ path, adaptor: about, ...report });
}

/** A bare name lies in the user's folder, which may still have to be made. */
function isPath(out: string): boolean {
  return /[\\/]|\.safetensors$/i.test(out);
}

function adaptOptions(flags: AdaptFlags): AdaptModelOptions {
  const { rank, margin, learningRate, decaySteps, batch, epochs, seed } = flags;
  const training: AdaptionSettings = { rank, margin, learningRate, decaySteps, batch, epochs, seed };
  const { name, images, format, regions, heldOut, examples, mode } = flags;
  return {
    ...{ name, images, format, regions, heldOut, examples, mode, training },
    pairing: flags.pairing ?? [],
    exclude: flags.exclude ?? [],
    ...methodOptions(flags),
    ...readingOptions(flags),
  };
}
