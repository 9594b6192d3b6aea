/** Errors as the user meets them: one sentence and an exit code. */
import { CommanderError } from "commander";
import { type ErrorCode, SamRefinerError } from "../sdk/mod.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { Stopped } from "./stop.ts";

/** What to say and how to end. */
export interface Failure {
  /** Absent where everything is said already. */
  readonly message?: string;
  readonly exitCode: ExitCode;
}

const byCode: Readonly<Record<ErrorCode, ExitCode>> = {
  input: exitCodes.refused,
  output: exitCodes.refused,
  option: exitCodes.usage,
  model: exitCodes.engine,
  device: exitCodes.engine,
};

/** Reads an error that ended a command. */
export function failureOf(error: unknown): Failure {
  // The parser has printed its own message, or the help that was asked for.
  if (error instanceof CommanderError)
    return { exitCode: error.exitCode === 0 ? exitCodes.done : exitCodes.usage };
  if (error instanceof Stopped) return { message: error.message, exitCode: error.exitCode };
  if (error instanceof SamRefinerError) return { message: error.message, exitCode: byCode[error.code] };
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    message: `unexpected error (${what}); please report it with the output of "samrefiner doctor" and of this command with --debug`,
    exitCode: exitCodes.bug,
  };
}
