/** What plain JavaScript may pass to every public function that needs no model: a typed error of one sentence each. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as sdk from "../../src/sdk/mod.ts";

const { InputError, OptionError, OutputError } = sdk;
const sample = join(import.meta.dirname, "../../examples/sample");
const mug = join(sample, "mug_coarse.png");
const truth = join(sample, "truth.png");
const mask = (width: number, height: number, values = width * height): sdk.Mask => ({
  width,
  height,
  data: new Uint8Array(values).fill(1),
});
const short = mask(3, 3, 2);
const frame = sdk.frameOf(4, 4);
const settings = sdk.resolveSettings("default", { elasticBox: false });
const split = { split: "merge", mu: 0.5, minPart: 0, rules: "paper" } as const;
/** As types would refuse it. */
const wrong = <T>(value: unknown): T => value as T;

describe("files", () => {
  it.each<[string, new (message: string) => Error, () => unknown]>([
    ["readMask: a number", InputError, () => sdk.readMask(wrong(3))],
    ["readMask: null for options", OptionError, () => sdk.readMask(mug, wrong(null))],
    ["planRun: a number", InputError, () => sdk.planRun(wrong(3))],
    ["planRun: nothing", InputError, () => sdk.planRun(wrong(undefined))],
    ["planRun: an empty list", InputError, () => sdk.planRun([])],
    ["planRun: a text for templates", OptionError, () => sdk.planRun(mug, { pairing: wrong("x") })],
    ["planRun: numbers for templates", OptionError, () => sdk.planRun(mug, { pairing: wrong([3]) })],
    ["planRun: a number for exclude", OptionError, () => sdk.planRun(mug, { exclude: wrong(3) })],
    ["planRun: a number for signal", OptionError, () => sdk.planRun(mug, { signal: wrong(3) })],
    ["evaluate: numbers", InputError, () => sdk.evaluate(wrong(3), wrong(4))],
    ["evaluate: a text to ignore", OptionError, () => sdk.evaluate(mug, truth, { ignoreLabel: wrong("x") })],
    ["evaluate: a file and a folder", InputError, () => sdk.evaluate(mug, sample)],
    ["reportRun: a number", InputError, () => sdk.reportRun(wrong(3))],
    ["reportRun: a folder", InputError, () => sdk.reportRun(sample)],
    ["reportRun: a picture", InputError, () => sdk.reportRun(mug)],
    ["openReview: nothing there", InputError, () => sdk.openReview("none")],
    ["restoreRun: nothing there", InputError, () => sdk.restoreRun("none")],
    ["pairPhoto: nothing there", InputError, () => sdk.pairPhoto("none.png")],
    ["saveFile: a number", OutputError, () => sdk.saveFile(wrong(3), new Uint8Array(1))],
    ["saveFile: a web address", OutputError, () => sdk.saveFile(new URL("http://x/y"), new Uint8Array(1))],
    ["saveFile: no folder", OutputError, () => sdk.saveFile(join(tmpdir(), "no/x"), new Uint8Array(1))],
    ["checkOutput: a folder", OutputError, () => sdk.checkOutput(tmpdir())],
    ["prompts: nothing", InputError, () => sdk.prompts(wrong(undefined), wrong(undefined))],
    ["prompts: no masks", InputError, () => sdk.prompts(mug, wrong([]))],
    ["prompts: a number for signal", OptionError, () => sdk.prompts(mug, mug, { signal: wrong(3) })],
  ])("%s", (_, kind, call) => refuses(kind, call));
});

describe("what opens a model, before it is opened", () => {
  it.each<[string, () => unknown]>([
    ["null for options", () => sdk.createRefiner(wrong(null))],
    ["a number for the model", () => sdk.createRefiner({ model: wrong(3) })],
    ["a number for a model file", () => sdk.createRefiner({ model: { encoder: wrong(3), decoder: "b" } })],
    ["a number for the cache", () => sdk.createRefiner({ cacheDir: wrong(3) })],
    ["a text for bytes", () => sdk.createRefiner({ cacheBytes: wrong("x") })],
    ["pixels below one", () => sdk.createRefiner({ pixelLimit: -1 })],
    ["half a thread", () => sdk.createRefiner({ threads: 0.5 })],
  ])("%s", (_, call) => refuses(OptionError, call));
});

describe("pieces for research", () => {
  const logits = new Float32Array(3);
  it.each<[string, new (message: string) => Error, () => unknown]>([
    ["maskIoU: two sizes", InputError, () => sdk.maskIoU(mask(2, 2), mask(4, 1))],
    ["maskIoU: too few values", InputError, () => sdk.maskIoU(short, mask(3, 3))],
    ["boundaryIoU: two sizes", InputError, () => sdk.boundaryIoU(mask(2, 2), mask(4, 1))],
    ["squaredDistance: too few values", InputError, () => sdk.squaredDistance(short)],
    ["innermostPixel: too few values", InputError, () => sdk.innermostPixel(short)],
    ["connectedComponents: too few values", InputError, () => sdk.connectedComponents(short)],
    ["splitClass: too few values", InputError, () => sdk.splitClass(short, split)],
    ["frameOf: no pixels", InputError, () => sdk.frameOf(0, 3)],
    ["frameOf: a text", InputError, () => sdk.frameOf(wrong("3"), 3)],
    [
      "excavate: an empty mask",
      InputError,
      () => sdk.excavate({ ...mask(4, 4), data: new Uint8Array(16) }, new Float32Array(), frame, settings),
    ],
    [
      "excavate: another size",
      InputError,
      () => sdk.excavate(mask(3, 4), new Float32Array(), frame, settings),
    ],
    ["upscaleLogits: too few", OptionError, () => sdk.upscaleLogits(logits, frame, "bicubic")],
    ["upscaleMask: too few", OptionError, () => sdk.upscaleMask(logits, frame, "bicubic")],
    ["upscaleMask: no way", OptionError, () => sdk.upscaleMask(new Float32Array(65_536), frame, wrong("x"))],
    ["selectToken: no scores", OptionError, () => sdk.selectToken([], settings)],
    ["resolveSettings: no preset", OptionError, () => sdk.resolveSettings(wrong("x"))],
    ["resolveSettings: null", OptionError, () => sdk.resolveSettings("default", wrong(null))],
    ["resolveSettings: a text", OptionError, () => sdk.resolveSettings("default", { omega: wrong("x") })],
    ["parseSetting: no setting", OptionError, () => sdk.parseSetting("x", "1")],
  ])("%s", (_, kind, call) => refuses(kind, call));
});

async function refuses(kind: new (message: string) => Error, call: () => unknown): Promise<void> {
  const error = await Promise.resolve()
    .then(call)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  expect(error).toBeInstanceOf(kind);
  expect((error as Error).message).toMatch(/: expected |cannot be written/);
  expect((error as Error).message).not.toMatch(/\.$|\n/);
}
