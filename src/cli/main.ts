/** The command line tool, without the process around it. */
import { Context } from "./context.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { failureOf } from "./failure.ts";
import { type Io, processIo } from "./io.ts";
import { spreadSettings } from "./options/spread-settings.ts";
import { createProgram } from "./program.ts";

/**
 * Runs the command line tool.
 *
 * @param argv the words after the program's name
 * @returns the exit code
 */
export async function main(
  argv: readonly string[],
  io: Io = processIo(new AbortController().signal),
): Promise<ExitCode> {
  const context = new Context(io);
  const program = createProgram(context);
  try {
    await program.parseAsync(spreadSettings(argv), { from: "user" });
    return context.exitCode;
  } catch (error) {
    const { debug = false } = program.opts<{ debug?: boolean }>();
    return report(error, io, debug || isSet(io.env));
  }
}

function isSet({ DEBUG = "" }: Io["env"]): boolean {
  return DEBUG !== "";
}

function report(error: unknown, { stderr }: Io, debug: boolean): ExitCode {
  const { message, exitCode } = failureOf(error);
  if (message !== undefined) stderr.write(`samrefiner: ${message}\n`);
  if (debug && exitCode !== exitCodes.done && error instanceof Error) stderr.write(`${stackOf(error)}\n`);
  return exitCode;
}

/** The stack with those of its causes. */
function stackOf(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own;
}
