/** `samrefiner doctor`: what this machine can do. */
import type { Command } from "commander";
import { type DoctorReport, doctor, type ModelInfo, version } from "../../sdk/mod.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { addModelOptions, type ModelFlags, modelOption } from "../options/model-options.ts";
import { orStop } from "../stop.ts";
import { alignColumns } from "../table.ts";
import { Terminal } from "../terminal.ts";
import { bytes } from "../units.ts";

interface DoctorFlags extends ModelFlags {
  readonly json?: boolean;
}

/** Adds the command to the program. */
export function addDoctor(program: Command, context: Context): void {
  const command = program
    .command("doctor")
    .description("show runtime, model files and which devices work; exits with 3 if none does");
  addModelOptions(command)
    .option("--json", "print one JSON object")
    .action((flags: DoctorFlags) => examine(flags, context));
}

async function examine(flags: DoctorFlags, context: Context): Promise<void> {
  const terminal = new Terminal(context.io, flags);
  terminal.progress({ label: "testing devices" });
  try {
    const report = await orStop(doctor(modelOption(flags)), context.io.signal);
    if (flags.json === true) terminal.json({ version, ...report });
    else for (const line of doctorLines(report)) terminal.line(line);
    if (report.device === undefined) context.exitCode = exitCodes.engine;
  } finally {
    terminal.clear();
  }
}

function doctorLines(report: DoctorReport): string[] {
  const { runtime, platform, cores, memory, cacheDir, cacheBytes, model, attempts, device } = report;
  const facts = [
    ["samrefiner", version],
    ["runtime", runtime],
    ["platform", `${platform}, ${cores} ${cores === 1 ? "core" : "cores"}, ${bytes(memory)} memory`],
    ["cache", `${cacheDir} (${bytes(cacheBytes)})`],
    ...modelRows(model),
  ];
  const tries = attempts.map(({ device: name, ok, detail }) => [
    `  ${name}`,
    ok ? detail : `refused: ${detail}`,
  ]);
  return [
    ...alignColumns(facts),
    ...(tries.length === 0 ? [] : ["devices", ...alignColumns(tries)]),
    device === undefined ? "No device works." : `--device auto takes ${device}.`,
  ];
}

function modelRows({ name, licence, files, problem }: ModelInfo): string[][] {
  const state = files === undefined ? `cannot be used: ${problem}` : "files are complete";
  const paths = files === undefined ? [] : [files.encoder, files.decoder];
  return [["model", `${name} (${licence}), ${state}`], ...paths.map((path) => ["", path])];
}
