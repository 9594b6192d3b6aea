/** Options that say which files belong to a dataset. */
import type { Command } from "commander";

/** Their values. */
export interface DatasetFlags {
  readonly pairing?: readonly string[];
  readonly images?: string;
  readonly format?: string;
  readonly exclude?: readonly string[];
}

/** Adds them to a command. */
export function addDatasetOptions(command: Command): Command {
  return command
    .option("--pairing <template>", "where photos lie (docs/pairing.md); may be given several times", collect)
    .option("--images <path>", "the folder that the photos lie in, or the photo of all masks")
    .option("--format <name>", "masks, or the name of an annotation format: take only these files")
    .option("--exclude <folder>", "a folder to leave out; may be given several times", collect);
}

function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
