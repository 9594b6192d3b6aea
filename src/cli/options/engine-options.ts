/** Options of everything that runs the model. */
import type { Command } from "commander";
import { type DeviceName, deviceNames, type RefinerOptions } from "../../sdk/mod.ts";
import { choice } from "./choice.ts";
import { addModelOptions, type ModelFlags, modelOption } from "./model-options.ts";
import { wholeNumber } from "./whole-number.ts";

/** What the parser makes of them. */
export interface EngineFlags extends ModelFlags {
  readonly device: "auto" | DeviceName;
  readonly threads?: number;
  readonly cache: boolean;
}

const devices = ["auto", ...deviceNames] as const;

/** Declares them. */
export function addEngineOptions(command: Command): Command {
  command
    .option("--device <name>", `${devices.join(", ")}`, choice("device", devices), "auto")
    .option("--threads <n>", "CPU threads (default: all cores)", wholeNumber("--threads", 1, 1024));
  return addModelOptions(command).option(
    "--no-cache",
    "neither read nor write the cache of image embeddings",
  );
}

/**
 * The refiner's options.
 *
 * @throws {OptionError} when they contradict each other
 */
export function refinerOptions(flags: EngineFlags): RefinerOptions {
  return {
    device: flags.device,
    ...modelOption(flags),
    ...(flags.threads === undefined ? {} : { threads: flags.threads }),
    ...(flags.cache ? {} : { cacheDir: null }),
  };
}
