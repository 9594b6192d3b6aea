/** Options of how mask files are read. */
import type { Command } from "commander";
import { type MaskReading, type Mode, maskEncodings } from "../../sdk/mod.ts";
import { choice } from "./choice.ts";
import { wholeNumber } from "./whole-number.ts";

/** What the parser makes of `--encoding` and `--ignore-label`. */
export interface ReadingFlags {
  readonly encoding: NonNullable<MaskReading["encoding"]>;
  readonly ignoreLabel?: number | "none";
}

/** And of `--mode`. */
export interface ModeFlags {
  readonly mode: Mode;
}

const modes: readonly Mode[] = ["auto", "instance", "semantic"];

/** Declares `--mode`. */
export function addModeOption(command: Command): Command {
  return command.option(
    "--mode <name>",
    `what is refined on its own: ${modes.join(", ")}`,
    choice("mode", modes),
    "auto",
  );
}

/**
 * Declares `--encoding` and `--ignore-label`.
 *
 * @param ignored what the help says of the label
 */
export function addReadingOptions(command: Command, ignored: string): Command {
  return command
    .option(
      "--encoding <name>",
      `what mask values are: ${maskEncodings.join(", ")}; binary is one object`,
      choice("encoding", maskEncodings),
      "auto",
    )
    .option("--ignore-label <n>", `${ignored}, or none`, ignoreLabel);
}

function ignoreLabel(text: string): number | "none" {
  return text === "none" ? text : wholeNumber("--ignore-label", 0, 65_535)(text);
}

/** The reading as the SDK takes it. */
export function readingOptions({ encoding, ignoreLabel: label }: ReadingFlags): MaskReading {
  return { encoding, ...(label === undefined ? {} : { ignoreLabel: label === "none" ? null : label }) };
}
