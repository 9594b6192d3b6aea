/** Options of the method: a preset and changes to its switches. */
import type { Command } from "commander";
import {
  type MethodSettings,
  OptionError,
  type PresetName,
  parseSetting,
  presetNames,
} from "../../sdk/mod.ts";
import { choice } from "./choice.ts";

/** What the parser makes of them. */
export interface MethodFlags {
  readonly preset: PresetName;
  readonly set?: Partial<MethodSettings>;
}

/** Declares them. */
export function addMethodOptions(command: Command): Command {
  return command
    .option("--preset <name>", presetNames.join(", "), choice("preset", presetNames), "default")
    .option(
      "--set <name=value>",
      "change a switch of the preset; several may follow (docs/method.md)",
      addSetting,
    );
}

function addSetting(text: string, settings: Partial<MethodSettings> = {}): Partial<MethodSettings> {
  const [, name, value] = text.match(/^([^=]+)=(.*)$/s) ?? [];
  if (name === undefined || value === undefined)
    throw new OptionError(`--set is "${text}": expected name=value`);
  return { ...settings, ...parseSetting(name, value) };
}
