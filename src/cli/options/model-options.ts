/** `--model`, or `--encoder` with `--decoder`. */
import type { Command } from "commander";
import { type ModelFiles, OptionError } from "../../sdk/mod.ts";

/** What the parser makes of them. */
export interface ModelFlags {
  readonly model?: string;
  readonly encoder?: string;
  readonly decoder?: string;
}

/** Declares them. */
export function addModelOptions(command: Command): Command {
  return command
    .option("--model <name>", "model of `samrefiner models list`, or the path of a model manifest (*.json)")
    .option("--encoder <file>", "own ONNX image encoder; needs --decoder")
    .option("--decoder <file>", "own ONNX mask decoder; needs --encoder");
}

/**
 * The model as the SDK takes it.
 *
 * @throws {OptionError} when they contradict each other
 */
export function modelOption({ model, encoder, decoder }: ModelFlags): { model?: string | ModelFiles } {
  if ((encoder === undefined) !== (decoder === undefined)) {
    const [given, missing] = encoder === undefined ? ["--decoder", "--encoder"] : ["--encoder", "--decoder"];
    throw new OptionError(`${given} is given without ${missing}: expected both files of the model`);
  }
  if (encoder !== undefined && decoder !== undefined) {
    if (model !== undefined)
      throw new OptionError("--model and --encoder are given: expected one or the other");
    return { model: { encoder, decoder } };
  }
  return model === undefined ? {} : { model };
}
