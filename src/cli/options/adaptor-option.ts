/** The option that names an IoU adaptor. */
import type { Command } from "commander";

/** What the parser makes of it. */
export interface AdaptorFlag {
  readonly adaptor?: string;
}

/** Declares it. */
export function addAdaptorOption(command: Command): Command {
  return command.option(
    "--adaptor <file>",
    "IoU adaptor of `samrefiner adapt`: its file, or its name in the user's folder of adaptors",
  );
}

/** As the SDK takes it. */
export function adaptorOption({ adaptor }: AdaptorFlag): AdaptorFlag {
  return adaptor === undefined ? {} : { adaptor };
}
