/** Every switch of the method, and the named presets built from them. */
import { OptionError } from "./errors.ts";

/** The method's switches. Names are the same in scripts (`settings`), in the CLI (`--set name=value`) and in reports. */
export interface MethodSettings {
  /**
   * Who refines: this method, or one of the field to compare it with. `crf`: a dense CRF on the photo's colours. `grid-max`
   * and `grid-merge`: SAM's masks of a grid of points, the one closest to the coarse mask, or all that lie mostly in it.
   * `box`: SAM prompted with the tight box. Those keep `gate`, `overlap`, `witness`, `strictness`,
   * `split`, `mu` and `minPart`; no other
   * setting concerns them.
   */
  readonly method: MethodName;
  /** Formula family for prompts and split: the paper's (sections 3.2, C.1) or the published code's. */
  readonly rules: "paper" | "reference";
  /** Prompt with the most inner foreground pixel. */
  readonly point: boolean;
  /** Prompt with the background pixel of the tight box farthest from the object. */
  readonly negativePoint: boolean;
  /** Prompt with a box. */
  readonly box: boolean;
  /** Prompt with the Gaussian mask (Eq. 3). */
  readonly mask: boolean;
  /** Grow the box where its surroundings look like the object (CEBox, Eq. 1 and 2). */
  readonly elasticBox: boolean;
  /** λ: share of similar pixels in an added strip above which the box grows. 0..1 */
  readonly lambda: number;
  /** Cosine similarity from which a pixel counts as similar. -1..1 */
  readonly similarity: number;
  /** Most rounds of box growth. */
  readonly boxRounds: number;
  /** Most pixels a side grows in one round. */
  readonly boxStep: number;
  /** ω: amplitude of the Gaussian mask, in logits. */
  readonly omega: number;
  /** γ: width of the Gaussian mask; larger is wider (for `rules: "reference"`, narrower). */
  readonly gamma: number;
  /**
   * Outline of the Gaussian mask on the decoder's grid: `soft` interpolates Eq. 3 as it is, a ramp through 0; `hard` takes
   * the sign from the interpolated object and keeps the amplitude, as the published code does.
   */
  readonly maskOutline: "soft" | "hard";
  /**
   * Most cascade iterations; each excavates its prompts from the best mask so far. With the gate, one that brings nothing
   * better is the last; only the coarse mask gets a second try.
   */
  readonly iterations: number;
  /** Outward margin of the tight box in each iteration, as a share of its side; the last one repeats. */
  readonly margins: readonly number[];
  /** Feed the chosen low-res logits to the next iteration instead of a Gaussian mask (appendix B.2). */
  readonly feedLogits: boolean;
  /** Choose among the three multimask tokens, or take the single-mask token. */
  readonly tokens: "multi" | "single";
  /**
   * What becomes of the mask that HQ-SAM's own token makes: its logits are added to each other token's (`sum`), it is the
   * only candidate (`only`), or it is left out (`none`). Other models have no such token.
   */
  readonly hq: "sum" | "only" | "none";
  /**
   * How the mask token is chosen (`tokens: "multi"`): the one that SAM predicts the highest IoU for, the one that it does
   * with an IoU adaptor (`adapted`, SAMRefiner++), the most stable one, the one closest to the coarse mask, or the one with
   * the highest sum of stability and predicted IoU (`combined`; the adapted one where there is an adaptor).
   */
  readonly selection: "predicted-iou" | "adapted" | "stability" | "coarse-iou" | "combined";
  /**
   * Weight of the agreement (IoU on the low-res grid) with the mask that the prompts came from, added to the selected
   * score: between two masks as stable, the one that stays closer is safer.
   */
  readonly agreement: number;
  /**
   * After the iterations, also try larger masks: parts that resemble the object in embedding space, for coarse masks
   * that miss whole parts. Up to four more decodes where the result differs from the coarse mask; needs the gate.
   * `instances` leaves the parts of a class alone: they would grow over their neighbours.
   */
  readonly growth: "none" | "instances" | "all";
  /**
   * At last, encode what lies around each refined object again, enlarged, and decode once more there: a run of the encoder
   * for every object. `instances` leaves the parts of a class alone.
   */
  readonly crops: "none" | "instances" | "all";
  /** Keep a candidate only where its boundary separates colours better than what it replaces. */
  readonly gate: "none" | "contrast";
  /**
   * κ: least overlap of a candidate with the coarse mask, their shared area over the smaller one's (gate only). A coarse
   * mask misses parts or spills over; what differs from it both ways is another object. 0 lets everything pass.
   */
  readonly overlap: number;
  /**
   * Who else speaks for a candidate that separates colours no better (gate only): `embedding` lets it pass where it
   * separates image embeddings clearly better than the coarse mask does, and changes it moderately.
   */
  readonly witness: "none" | "embedding";
  /**
   * From the second iteration on, a candidate must reach this many times the best contrast so far: smaller differences
   * are noise, and the earlier mask is closer to the coarse one.
   */
  readonly stepGain: number;
  /** ρ: the final contrast must reach ρ times the coarse mask's. 1 asks for no more than "better". */
  readonly strictness: number;
  /** How low-res logits become photo pixels. */
  readonly upscale: "bilinear" | "bicubic";
  /** Move the edge to where local colours change. */
  readonly edges: "none" | "colour";
  /** How a class of a label map is split into regions: Algorithm 1, plain connected parts, or not at all. */
  readonly split: "merge" | "parts" | "none";
  /** μ: occupancy above which two parts are merged (Algorithm 1). */
  readonly mu: number;
  /** Parts under this share of the photo are left as they are. */
  readonly minPart: number;
}

/** Ways to refine a mask; `samrefiner` is what all other settings are about. */
export const methodNames = ["samrefiner", "crf", "grid-max", "grid-merge", "box"] as const;

/** Name of a way to refine a mask. */
export type MethodName = (typeof methodNames)[number];

/** Names of the presets. */
export type PresetName = "default" | "fast" | "quality" | "paper" | "reference";

/** The published method, sections 3.1 to 3.3 and C.1. */
const PAPER: MethodSettings = {
  method: "samrefiner",
  rules: "paper",
  point: true,
  negativePoint: true,
  box: true,
  mask: true,
  elasticBox: true,
  lambda: 0.1,
  similarity: 0.5,
  boxRounds: 5,
  boxStep: 10,
  omega: 15,
  gamma: 4,
  maskOutline: "soft",
  iterations: 1,
  margins: [0],
  feedLogits: false,
  tokens: "multi",
  hq: "sum",
  selection: "predicted-iou",
  agreement: 0,
  growth: "none",
  crops: "none",
  gate: "none",
  overlap: 0,
  witness: "none",
  stepGain: 1,
  strictness: 1,
  upscale: "bilinear",
  edges: "none",
  split: "merge",
  mu: 0.5,
  minPart: 0,
};

/** The published code with its own defaults. */
const REFERENCE: MethodSettings = {
  ...PAPER,
  rules: "reference",
  elasticBox: false,
  omega: 30,
  maskOutline: "hard",
  iterations: 5,
};

/** Ours: candidates compete with the coarse mask, the most stable token is taken, edges follow local colour. */
const DEFAULT: MethodSettings = {
  ...PAPER,
  negativePoint: false,
  elasticBox: false,
  maskOutline: "hard",
  iterations: 3,
  margins: [0, 0.05, 0.1],
  selection: "stability",
  agreement: 0.2,
  gate: "contrast",
  growth: "instances",
  overlap: 0.86,
  witness: "embedding",
  stepGain: 1.02,
  strictness: 1.1,
  upscale: "bicubic",
  edges: "colour",
  split: "parts",
  minPart: 0.0005,
};

const PRESETS: Readonly<Record<PresetName, MethodSettings>> = {
  default: DEFAULT,
  fast: { ...DEFAULT, iterations: 1, growth: "none" },
  quality: { ...DEFAULT, crops: "instances" },
  paper: PAPER,
  reference: REFERENCE,
};

/** All preset names. */
export const presetNames: readonly PresetName[] = Object.keys(PRESETS) as PresetName[];

/** What a mask holds: one object per value, or classes that may have many parts. */
export type MaskMode = "instance" | "semantic";

/**
 * The settings of a preset, with changes applied and checked. An IoU adaptor takes part in the choice of the mask token
 * unless the changes say how that is made: `predicted-iou` becomes `adapted`, `stability` becomes `combined`.
 *
 * @param adapted whether there is an adaptor
 * @throws {OptionError} for an unknown preset or setting, a value of the wrong type or range, or a choice by an adaptor
 * without one
 */
export function resolveSettings(
  preset: PresetName,
  changes: Partial<MethodSettings> = {},
  adapted = false,
): MethodSettings {
  if (!Object.hasOwn(PRESETS, preset)) {
    throw new OptionError(`Unknown preset "${preset}": expected one of ${presetNames.join(", ")}`);
  }
  if (typeof changes !== "object" || changes === null)
    throw new OptionError(`The settings are ${changes}: expected an object`);
  const base = PRESETS[preset];
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) checkSetting(name, value);
  const selection = adapted ? WITH_ADAPTOR[base.selection] : base.selection;
  const settings: MethodSettings = { ...base, selection, ...Object.fromEntries(given) };
  if (settings.selection === "adapted" && !adapted)
    throw new OptionError('Setting "selection" is "adapted": expected an adaptor with it');
  return settings;
}

const WITH_ADAPTOR: Readonly<Record<MethodSettings["selection"], MethodSettings["selection"]>> = {
  "predicted-iou": "adapted",
  adapted: "adapted",
  stability: "combined",
  "coarse-iou": "coarse-iou",
  combined: "combined",
};

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  method: methodNames,
  rules: ["paper", "reference"],
  maskOutline: ["soft", "hard"],
  tokens: ["multi", "single"],
  hq: ["sum", "only", "none"],
  selection: ["predicted-iou", "adapted", "stability", "coarse-iou", "combined"],
  growth: ["none", "instances", "all"],
  crops: ["none", "instances", "all"],
  gate: ["none", "contrast"],
  witness: ["none", "embedding"],
  upscale: ["bilinear", "bicubic"],
  edges: ["none", "colour"],
  split: ["merge", "parts", "none"],
};

/** Inclusive ranges; `boxRounds`, `boxStep` and `iterations` are whole numbers. */
const RANGES: Readonly<Record<string, readonly [low: number, high: number]>> = {
  lambda: [0, 1],
  similarity: [-1, 1],
  boxRounds: [1, 100],
  boxStep: [1, 10_000],
  omega: [0, 1000],
  gamma: [0.01, 1000],
  iterations: [1, 20],
  agreement: [0, 10],
  overlap: [0, 1],
  stepGain: [1, 100],
  strictness: [0, 100],
  mu: [0, 1],
  minPart: [0, 1],
};
const WHOLE = new Set(["boxRounds", "boxStep", "iterations"]);

function checkSetting(name: string, value: unknown): void {
  const expected = expectation(name, value);
  if (expected !== undefined) {
    // JSON has no word for NaN and infinity.
    const shown = typeof value === "number" ? String(value) : JSON.stringify(value);
    throw new OptionError(`Setting "${name}" is ${shown}: expected ${expected}`);
  }
}

/** What the setting should have been, or `undefined` when the value is right. */
function expectation(name: string, value: unknown): string | undefined {
  if (!Object.hasOwn(PAPER, name)) {
    throw new OptionError(`Unknown setting "${name}": expected one of ${Object.keys(PAPER).join(", ")}`);
  }
  const choices = CHOICES[name];
  if (choices !== undefined)
    return choices.includes(value as string) ? undefined : `one of ${choices.join(", ")}`;
  const range = RANGES[name];
  if (range !== undefined) {
    const kind = WHOLE.has(name) ? "a whole number" : "a number";
    const fits = typeof value === "number" && value >= range[0] && value <= range[1];
    return fits && (!WHOLE.has(name) || Number.isInteger(value))
      ? undefined
      : `${kind} from ${range[0]} to ${range[1]}`;
  }
  if (name === "margins") return isMargins(value) ? undefined : "a non-empty list of numbers from -0.4 to 4";
  return typeof value === "boolean" ? undefined : "true or false";
}

function isMargins(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((m) => typeof m === "number" && m >= -0.4 && m <= 4)
  );
}

/**
 * Reads a setting from text, as `--set name=value` gives it: `true`, `0.2`, `0,0.05,0.1` or a word.
 *
 * @throws {OptionError} for an unknown name or a value of the wrong type or range
 */
export function parseSetting(name: string, text: string): Partial<MethodSettings> {
  if (!Object.hasOwn(PAPER, name)) checkSetting(name, text);
  const value = settingValue(name, text);
  checkSetting(name, value);
  return { [name]: value } as Partial<MethodSettings>;
}

function settingValue(name: string, text: string): unknown {
  if (name === "margins") return text.split(",").map(numberOrText);
  if (Object.hasOwn(CHOICES, name)) return text;
  if (Object.hasOwn(RANGES, name)) return numberOrText(text);
  return text === "true" ? true : text === "false" ? false : text;
}

/** Text that is no number stays as it is, so that the error can name it. */
function numberOrText(text: string): number | string {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? text : value;
}
