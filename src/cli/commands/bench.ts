/** `samrefiner bench`: quality against ground truth, and what it costs. */
import { type Command, Option } from "commander";
import {
  type BenchmarkData,
  type BenchmarkKind,
  type BenchmarkLayout,
  type BenchmarkOptions,
  benchmarkKinds,
  benchmarkLayouts,
  OptionError,
} from "../../sdk/mod.ts";
import { benchmarkLines } from "../bench/benchmark-lines.ts";
import type { Context } from "../context.ts";
import { type AdaptorFlag, adaptorOption, addAdaptorOption } from "../options/adaptor-option.ts";
import { choice } from "../options/choice.ts";
import { addEngineOptions, type EngineFlags, refinerOptions } from "../options/engine-options.ts";
import { addMethodOptions, type MethodFlags, methodOptions } from "../options/method-options.ts";
import { wholeNumber } from "../options/whole-number.ts";
import { Terminal } from "../terminal.ts";
import { withRefiner } from "../with-refiner.ts";

interface BenchFlags extends AdaptorFlag, EngineFlags, MethodFlags {
  readonly json?: boolean;
  readonly manifest?: string;
  readonly layout?: BenchmarkLayout;
  readonly data?: string;
  readonly coarse?: string;
  readonly truth?: string;
  readonly images?: string;
  readonly limit?: number;
  readonly kinds?: readonly BenchmarkKind[];
}

const help = `
The manifest is a JSON list of { id, image, coarse, gt, kind }, paths relative to it; the source of an
entry is its id up to the first "_". IoU is measured over the whole mask, boundary IoU within 2 % of the
diagonal of the contours; "worse" counts entries whose IoU fell by more than one point.

Published data sets are read as they are unpacked (docs/benchmarks.md says where each file lies). Their scores
over all pixels, as publications give them, follow the table.

Examples:
  $ samrefiner bench --manifest bench/manifest.json --kinds instance,highres --limit 20
  $ samrefiner bench --layout davis585 --data DAVIS585 --coarse sp
  $ samrefiner bench --layout coco --data coco --coarse results.segm.json
  $ samrefiner bench --layout voc --data VOCdevkit/VOC2012 --coarse pseudo-masks/ --preset paper
  $ samrefiner bench --layout big --data BIG/test --coarse BIG/deeplab --method crf`;

/** Adds the command to the program. */
export function addBench(program: Command, context: Context): void {
  const command = program
    .command("bench")
    .description("measure coarse and refined masks against ground truth")
    .option("--manifest <file>", "the entries to measure")
    .addOption(new Option("--layout <name>", "or a data set in its own layout").choices(benchmarkLayouts))
    .option("--data <folder>", "folder of the data set")
    .option("--coarse <path>", "its coarse masks: folder, file of results, or sp | stm of DAVIS-585")
    .option("--truth <path>", "its ground truth, where it lies elsewhere")
    .option("--images <folder>", "its photos, where they lie elsewhere")
    .option("--limit <n>", "only the first n entries", wholeNumber("--limit", 1, 1e9))
    .option("--kinds <list>", `only entries of these kinds: ${benchmarkKinds.join(",")}`, kinds);
  addAdaptorOption(addMethodOptions(command));
  addEngineOptions(command)
    .option("--json", "print one JSON object: entries, groups, mIoU, cost")
    .addHelpText("after", help)
    .action((flags: BenchFlags) => bench(flags, context));
}

function kinds(text: string): BenchmarkKind[] {
  return text.split(",").map((kind) => choice("kind", benchmarkKinds)(kind.trim()));
}

async function bench(flags: BenchFlags, { io }: Context): Promise<void> {
  const terminal = new Terminal(io, flags, 1);
  const source = benchmarkSource(flags);
  await withRefiner(refinerOptions(flags), terminal, io.signal, async (refiner) => {
    const report = await refiner.benchmark(source, benchmarkOptions(flags, terminal, io.signal));
    for (const problem of report.problems) terminal.note(problem);
    if (flags.json === true) terminal.json(report);
    else for (const line of benchmarkLines(report)) terminal.line(line);
  });
}

/** Checked before a model is opened. */
function benchmarkSource({
  manifest,
  layout,
  data,
  coarse,
  truth,
  images,
}: BenchFlags): string | BenchmarkData {
  const sets = { data, coarse, truth, images };
  if (manifest !== undefined) {
    const odd = Object.entries({ layout, ...sets }).find(([, value]) => value !== undefined);
    if (odd === undefined) return manifest;
    throw new OptionError(`--manifest and --${odd[0]} are given: expected a manifest or a data set`);
  }
  if (layout === undefined || data === undefined)
    throw new OptionError(
      "Neither --manifest nor --layout with --data is given: expected something to measure",
    );
  return { layout, root: data, coarse, truth, images };
}

function benchmarkOptions(
  { limit, kinds, ...flags }: BenchFlags,
  terminal: Terminal,
  signal: AbortSignal,
): BenchmarkOptions {
  return {
    ...methodOptions(flags),
    ...adaptorOption(flags),
    ...(limit === undefined ? {} : { limit }),
    ...(kinds === undefined ? {} : { kinds }),
    signal,
    onEntry: (_, done, total) => terminal.progress({ label: "refining", done, total, unit: "entries" }),
  };
}
