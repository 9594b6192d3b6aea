/** What the exit codes mean; the help text prints this table. */

/** Exit codes of the command. */
export const exitCodes = {
  done: 0,
  refused: 1,
  usage: 2,
  engine: 3,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: "done",
  refused: "some input was refused, or a result could not be written; everything else was done",
  usage: "wrong usage: unknown command, option, preset, setting, mode or device",
  engine: "the model or the device does not work",
  bug: "an unexpected error; please report it",
  interrupted: "stopped by Ctrl-C",
  terminated: "stopped by a termination signal",
};

/** The table for `--help`. */
export function exitCodeHelp(): string {
  const rows = Object.entries(exitCodes).map(
    ([name, code]) => `  ${String(code).padEnd(4)} ${meanings[name as keyof typeof exitCodes]}`,
  );
  return ["Exit codes:", ...rows].join("\n");
}
