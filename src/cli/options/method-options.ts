/** Options of the method: a preset and changes to its switches. */
import type { Command } from "commander";
import {
  type MethodName,
  type MethodSettings,
  methodNames,
  OptionError,
  type PresetName,
  parseSetting,
  presetNames,
} from "../../sdk/mod.ts";
import { choice } from "./choice.ts";

/** What the parser makes of them. */
export interface MethodFlags {
  readonly preset: PresetName;
  readonly method?: MethodName;
  readonly set?: Partial<MethodSettings>;
}

/** Declares them. */
export function addMethodOptions(command: Command): Command {
  return command
    .option("--preset <name>", presetNames.join(", "), choice("preset", presetNames), "default")
    .option(
      "--method <name>",
      `who refines: ${methodNames.join(", ")} (docs/method.md)`,
      choice("method", methodNames),
    )
    .option(
      "--set <name=value>",
      "change a switch of the preset; several may follow (docs/method.md)",
      addSetting,
    );
}

/** Preset and settings as the SDK takes them; `--method` is short for `--set method=…` and wins over it. */
export function methodOptions({ preset, method, set }: MethodFlags): {
  preset: PresetName;
  settings?: Partial<MethodSettings>;
} {
  if (method === undefined && set === undefined) return { preset };
  return { preset, settings: { ...set, ...(method === undefined ? {} : { method }) } };
}

function addSetting(text: string, settings: Partial<MethodSettings> = {}): Partial<MethodSettings> {
  const [, name, value] = text.match(/^([^=]+)=(.*)$/s) ?? [];
  if (name === undefined || value === undefined)
    throw new OptionError(`--set is "${text}": expected name=value`);
  return { ...settings, ...parseSetting(name, value) };
}
