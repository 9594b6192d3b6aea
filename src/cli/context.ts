/** What commands share with the program around them. */
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";

/** The surroundings of a command, and how it ended. */
export class Context {
  readonly io: Io;
  /** Set by a command that ends without an error, but not with full success. */
  exitCode: ExitCode = exitCodes.done;

  constructor(io: Io) {
    this.io = io;
  }
}
