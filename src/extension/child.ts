/** Programs that run beside VS Code. */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How long a process that was told to end is waited for. */
const END_MS = 2000;
/** Of its output, kept for the reason why it did not start. */
const MOST_LINES = 100;

/** What is started. */
export interface ChildSetup {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to VS Code's own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Standard output and error must be pipes. */
  readonly stdio: StdioOptions;
  /** Gets each line of its output. */
  readonly onLine: (line: string, stream: "stdout" | "stderr") => void;
}

/** A started program. */
export interface Child {
  readonly process: ChildProcess;
  /** Resolves once it is gone, with how: "it was ended by SIGKILL". */
  readonly ended: Promise<string>;
  /** The line that says most about why it ended. */
  readonly lastWords: () => string;
  /** Ends it, if need be by force. */
  end(): Promise<unknown>;
}

/** Starts a program. Never throws: one that cannot be started has ended. */
export function startChild({ command, args, env, stdio, onLine }: ChildSetup): Child {
  const process = spawn(command, args, {
    stdio,
    serialization: "advanced",
    env: { ...cleanEnvironment(), ...env },
    windowsHide: true,
  });
  const lines: string[] = [];
  for (const name of ["stdout", "stderr"] as const) {
    const stream = process[name];
    if (stream === null) continue;
    createInterface(stream).on("line", (line) => {
      if (line.trim() !== "" && lines.length < MOST_LINES) lines.push(line.trim());
      onLine(line, name);
    });
  }
  const ended = new Promise<string>((resolve) => {
    process.once("error", (error) => resolve(`it could not be started (${error.message})`));
    process.once("close", (code, signal) =>
      resolve(signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`),
    );
  });
  const lastWords = (): string => lines.find((line) => /Error\b.*: /.test(line)) ?? lines.at(-1) ?? "";
  return { process, ended, lastWords, end: () => endChild(process, ended) };
}

/** What VS Code and its debugger set for their own processes is not for ours. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, VSCODE_INSPECTOR_OPTIONS: __, ELECTRON_RUN_AS_NODE: ___, ...rest } = process.env;
  return rest;
}

async function endChild(child: ChildProcess, ended: Promise<string>): Promise<unknown> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
  timer.unref();
  return ended.finally(() => clearTimeout(timer));
}
