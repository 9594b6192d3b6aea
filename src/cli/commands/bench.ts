/** `samrefiner bench`: quality against ground truth, and what it costs. */
import { type Command, Option } from "commander";
import { type BenchmarkKind, type BenchmarkOptions, benchmarkKinds } from "../../sdk/mod.ts";
import { benchmarkLines } from "../bench/benchmark-lines.ts";
import type { Context } from "../context.ts";
import { choice } from "../options/choice.ts";
import { addEngineOptions, type EngineFlags, refinerOptions } from "../options/engine-options.ts";
import { addMethodOptions, type MethodFlags, methodOptions } from "../options/method-options.ts";
import { wholeNumber } from "../options/whole-number.ts";
import { Terminal } from "../terminal.ts";
import { withRefiner } from "../with-refiner.ts";

interface BenchFlags extends EngineFlags, MethodFlags {
  readonly json?: boolean;
  readonly manifest: string;
  readonly limit?: number;
  readonly kinds?: readonly BenchmarkKind[];
}

const help = `
The manifest is a JSON list of { id, image, coarse, gt, kind }, paths relative to it; the source of an
entry is its id up to the first "_". IoU is measured over the whole mask, boundary IoU within 2 % of the
diagonal of the contours; "worse" counts entries whose IoU fell by more than one point.

Example:
  $ samrefiner bench --manifest bench/manifest.json --kinds instance,highres --limit 20`;

/** Adds the command to the program. */
export function addBench(program: Command, context: Context): void {
  const command = program
    .command("bench")
    .description("measure coarse and refined masks against ground truth")
    .addOption(new Option("--manifest <file>", "the entries to measure").makeOptionMandatory())
    .option("--limit <n>", "only the first n entries", wholeNumber("--limit", 1, 1e9))
    .option("--kinds <list>", `only entries of these kinds: ${benchmarkKinds.join(",")}`, kinds);
  addMethodOptions(command);
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
  await withRefiner(refinerOptions(flags), terminal, io.signal, async (refiner) => {
    const report = await refiner.benchmark(flags.manifest, benchmarkOptions(flags, terminal, io.signal));
    if (flags.json === true) terminal.json(report);
    else for (const line of benchmarkLines(report)) terminal.line(line);
  });
}

function benchmarkOptions(
  { limit, kinds, ...flags }: BenchFlags,
  terminal: Terminal,
  signal: AbortSignal,
): BenchmarkOptions {
  return {
    ...methodOptions(flags),
    ...(limit === undefined ? {} : { limit }),
    ...(kinds === undefined ? {} : { kinds }),
    signal,
    onEntry: (_, done, total) => terminal.progress({ label: "refining", done, total, unit: "entries" }),
  };
}
