/** Where the command writes and what may stop it; tests hand in their own. */

/** A stream to write to; the optional members are those of a terminal. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  hasColors?(): boolean;
}

/** The command's surroundings. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its reason is a {@link Stopped}. */
  readonly signal: AbortSignal;
}

/** The surroundings of this process. */
export function processIo(signal: AbortSignal): Io {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  return { stdout: process.stdout, stderr: process.stderr, env: process.env, signal };
}

/** Who reads through `head` closes the pipe early; that is no failure of this program. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
