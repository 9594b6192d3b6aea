/** `samrefiner simulate`: ground truth in, coarse masks out. */
import { basename, dirname, extname, relative, resolve, sep } from "node:path";
import { type Command, Option } from "commander";
import {
  type BenchmarkEntry,
  checkOutput,
  OptionError,
  SamRefinerError,
  saveFile,
  simulate,
} from "../../sdk/mod.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { addReadingOptions, type ReadingFlags, readingOptions } from "../options/reading-options.ts";
import { wholeNumber } from "../options/whole-number.ts";
import { type Job, planJobs } from "../refine/plan-jobs.ts";
import { seedOfMask } from "../simulate/seed-of-mask.ts";
import { Terminal } from "../terminal.ts";
import { counted } from "../units.ts";

interface SimulateFlags extends ReadingFlags {
  readonly image?: string;
  readonly out: string;
  readonly manifest?: string;
  readonly seed: number;
  readonly range: readonly [number, number];
  readonly overwrite?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** A mask that was made. */
interface Simulated {
  readonly job: Job;
  readonly iou: number;
  readonly defects: number;
  readonly tries: number;
}

const help = `
Superpixels are added to a mask and removed from it, mostly along its boundary, until its IoU is in the
range: how the masks of DAVIS-585 were made (docs/benchmarks.md). The same seed and name give the same
mask. Objects smaller than superpixels are left out, with a note.

Example:
  $ samrefiner simulate truth/*.png --out coarse/ --manifest simulated.json
  $ samrefiner bench --manifest simulated.json`;

/** Adds the command to the program. */
export function addSimulate(program: Command, context: Context): void {
  const command = program
    .command("simulate")
    .description("make coarse masks from ground truth, to measure with; no model runs")
    .argument("<mask...>", "masks of one object each")
    .option("--image <photo>", "the photo of all the masks (default: found by name for each mask)")
    .addOption(new Option("--out <folder>", "folder for the coarse masks").makeOptionMandatory())
    .option("--manifest <file>", "write what `bench --manifest` reads: photos, coarse masks, ground truth")
    .option("--seed <n>", "another seed gives other defects", wholeNumber("--seed", 0, 2 ** 32 - 1), 0)
    .option("--range <low,high>", "IoU of the coarse masks", range, [0.75, 0.85])
    .option("--overwrite", "replace existing files; a photo or a ground truth never is");
  addReadingOptions(command, "value that is not of the object")
    .option("--json", "print one JSON object: masks with their IoU, and what was left out")
    .option("--quiet", "print errors only")
    .addHelpText("after", help)
    .action((masks: readonly string[], flags: SimulateFlags) => run(masks, flags, context));
}

function range(text: string): [number, number] {
  const [low, high, ...more] = text
    .split(",")
    .map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (low !== undefined && high !== undefined && more.length === 0 && low >= 0 && low <= high && high <= 1)
    return [low, high];
  throw new OptionError(`--range is "${text}": expected two IoUs from 0 to 1 as low,high`);
}

async function run(masks: readonly string[], flags: SimulateFlags, context: Context): Promise<void> {
  const terminal = new Terminal(context.io, flags);
  const out = /[\\/]$/.test(flags.out) ? flags.out : `${flags.out}${sep}`;
  const { overwrite = false, manifest } = flags;
  if (manifest !== undefined) await checkOutput(manifest, { overwrite });
  const { jobs, refusals } = await planJobs(masks, flags.image, { out, overwrite });
  const problems = refusals.map(({ error }) => error.message);
  const made: Simulated[] = [];
  for (const [i, job] of jobs.entries()) {
    terminal.progress({ label: "simulating", done: i, total: jobs.length, unit: "masks" });
    context.io.signal.throwIfAborted();
    const outcome = await attempt(job, flags, context.io.signal);
    if (typeof outcome === "string") problems.push(outcome);
    else {
      made.push(outcome);
      const { iou, defects } = outcome;
      terminal.line(`${job.mask}: IoU ${iou.toFixed(3)}, ${counted(defects, "defect")} → ${job.output.path}`);
    }
  }
  terminal.clear();
  for (const problem of problems) terminal.error(problem);
  if (manifest !== undefined) await saveFile(manifest, manifestOf(made, manifest), { overwrite });
  if (flags.json === true) terminal.json({ masks: made.map(described), problems });
  if (problems.length > 0) context.exitCode = exitCodes.refused;
}

/** One mask; a sentence where there is none. */
async function attempt(job: Job, flags: SimulateFlags, signal: AbortSignal): Promise<Simulated | string> {
  const { mask, image, output, overwrite } = job;
  if (resolve(output.path) === resolve(mask))
    return `${mask} is a ground truth and stays as it is: expected --out to be another folder`;
  try {
    const seed = seedOfMask(flags.seed, stemOf(mask));
    const found = await simulate(image, mask, { ...readingOptions(flags), range: flags.range, seed, signal });
    if (found === undefined)
      return `${mask} has no defects that leave an IoU of ${flags.range.join(" to ")}: it is left out`;
    await found.save(output.path, { overwrite, makeFolder: output.makeFolder });
    const { iou, defects, tries } = found;
    return { job, iou, defects, tries };
  } catch (error) {
    if (error instanceof SamRefinerError) return error.message;
    throw error;
  }
}

function described({ job, iou, defects, tries }: Simulated): object {
  return { mask: job.mask, image: job.image, output: job.output.path, iou, defects, tries };
}

/** Paths are relative to the manifest, with `/` between folders. */
function manifestOf(made: readonly Simulated[], manifest: string): Uint8Array {
  const path = (file: string): string =>
    relative(dirname(resolve(manifest)), resolve(file))
      .split(sep)
      .join("/");
  const entries = made.map(
    ({ job }): BenchmarkEntry => ({
      id: stemOf(job.mask),
      image: path(job.image),
      coarse: path(job.output.path),
      gt: path(job.mask),
      kind: "instance",
    }),
  );
  return new TextEncoder().encode(`${JSON.stringify(entries, undefined, 2)}\n`);
}

function stemOf(path: string): string {
  return basename(path, extname(path));
}
