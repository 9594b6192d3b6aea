/** `samrefiner models add`. */
import { type Command, Option } from "commander";
import { type AddModelOptions, addModel, OptionError } from "../../sdk/mod.ts";
import type { Context } from "../context.ts";
import { Terminal } from "../terminal.ts";

interface AddFlags {
  readonly name?: string;
  readonly licence?: string;
  readonly description?: string;
  readonly layout?: "nchw" | "nhwc" | "chw" | "hwc";
  readonly mean?: Triple;
  readonly std?: Triple;
  readonly overwrite?: boolean;
}

type Triple = readonly [number, number, number];

const help = `
Both graphs are inspected and opened once: names, shapes, element types, layout, normalisation, weights in other
files, HQ-SAM's token. What is missing is said in one sentence. The files stay where they are.

Example:
  $ samrefiner models add sam.encoder.onnx sam.decoder.onnx --name my-sam --licence Apache-2.0
  $ samrefiner refine mask.png --model my-sam`;

/** Adds the command to its group. */
export function addModelsAdd(models: Command, { io }: Context): void {
  models
    .command("add")
    .description("make a named model of own ONNX files")
    .argument("<encoder>", "ONNX image encoder")
    .argument("<decoder>", "ONNX mask decoder with a mask input")
    .option("--name <name>", "its name (default: made of the encoder's)")
    .option("--licence <text>", "licence of the weights")
    .option("--description <text>", "what it is")
    .addOption(
      new Option("--layout <axes>", "order of the input's axes, where the graph does not tell").choices([
        "nchw",
        "nhwc",
        "chw",
        "hwc",
      ]),
    )
    .option("--mean <r,g,b>", "mean to subtract, 0..255, where the graph does not do it", triple)
    .option("--std <r,g,b>", "deviation to divide by, where the graph does not do it", triple)
    .option("--overwrite", "replace a model of that name")
    .addHelpText("after", help)
    .action(async (encoder: string, decoder: string, flags: AddFlags) => {
      const { name, licence } = await addModel({ encoder, decoder }, options(flags));
      const terminal = new Terminal(io, {});
      terminal.line(`${name}: added (${licence}); use it with --model ${name}`);
    });
}

function options({ layout, mean, std, ...flags }: AddFlags): AddModelOptions {
  const contract = {
    ...(layout === undefined ? {} : { layout }),
    ...(mean === undefined ? {} : { mean, padding: mean }),
    ...(std === undefined ? {} : { std }),
  };
  return { ...flags, contract };
}

function triple(text: string): Triple {
  const values = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (values.length === 3 && values.every(Number.isFinite)) return values as unknown as Triple;
  throw new OptionError(`"${text}": expected three numbers, as 123.675,116.28,103.53`);
}
