/** Prompt excavation alone: what SAM would be told, without asking it. */
import { basename } from "node:path";
import { frameOf } from "../core/frame.ts";
import type { Box, Mask } from "../core/mask.ts";
import { excavate, type Prompts } from "../core/prompts/excavate.ts";
import { type MethodSettings, type PresetName, resolveSettings } from "../core/settings.ts";
import type { ImageInput, MaskInput } from "../dataset/inputs.ts";
import type { MaskReading } from "../dataset/load-mask.ts";
import { planLabels } from "../engine/refine-labels.ts";
import { regionSettings } from "../engine/refine-photo.ts";
import { checkReading } from "./check-options.ts";
import { type Displayed, pictureBundle, withDisplay } from "./display/displayed.ts";
import type { ImageEmbedding } from "./embeddings.ts";
import { loadInputs } from "./load-inputs.ts";
import { checkMode, mapTask } from "./map-task.ts";
import { explainPNG } from "./sheets.ts";
import type { Mode } from "./types.ts";

/** Options of `prompts`. */
export interface PromptOptions extends MaskReading {
  /** The method's settings by name. @default "default" */
  readonly preset?: PresetName;
  /** Changes to single switches of the preset. @default {} */
  readonly settings?: Partial<MethodSettings>;
  /** How mask values are refined: each value as an object, or as a class that is split. @default "auto" */
  readonly mode?: Mode;
  /** Stops before the encoder runs. */
  readonly signal?: AbortSignal;
}

/** A region and its prompts. */
export interface PromptedRegion {
  /** Value in the mask. */
  readonly label: number;
  /** Tight box of the region, both ends inclusive. */
  readonly box: Box;
  /** Pixels of the region. */
  readonly area: number;
  /** The region, of the photo's size. */
  readonly mask: Mask;
  /** What is excavated from it, in photo pixels; `decode` takes it as it is. */
  readonly prompts: Prompts;
}

/** Prompts of one mask. Notebooks show them drawn on the photo. */
export interface ExcavatedPrompts extends Displayed {
  /** Width of the photo as displayed, in pixels. */
  readonly width: number;
  /** Height of the photo as displayed, in pixels. */
  readonly height: number;
  /** Regions as a refinement would split the mask. */
  readonly regions: readonly PromptedRegion[];
  /** The sheet that notebooks show, as PNG. */
  sheet(): Promise<Uint8Array>;
}

/** Excavates the prompts of a mask's regions; only the elastic box asks for the embedding. */
export async function excavatePrompts(
  image: ImageInput,
  mask: MaskInput,
  options: PromptOptions,
  embed: () => Promise<ImageEmbedding>,
  pixelLimit: number,
): Promise<ExcavatedPrompts> {
  const { preset = "default", settings = {}, mode = "auto" } = options;
  checkMode(mode);
  checkReading(options);
  const resolved = resolveSettings(preset, settings);
  const { photo, masks } = await loadInputs({ image, mask }, options, pixelLimit);
  const [loaded] = masks as [(typeof masks)[number]];
  const task = mapTask(loaded, mode, preset, settings);
  const embedding = resolved.box && resolved.elasticBox ? (await embed()).data : new Float32Array();
  const frame = frameOf(photo.width, photo.height);
  const own = regionSettings(task.mode, resolved);
  const { tasks } = planLabels(task.map, task.mode, resolved, task.ignoreLabel);
  const regions = tasks.map((region) => ({
    ...region,
    prompts: excavate(region.mask, embedding, frame, own),
  }));
  const maps = { photo, coarse: loaded.map, refined: loaded.map, title: basename(loaded.name) };
  const sheet = (): Promise<Uint8Array> => explainPNG(maps, regions.map(undecided));
  return withDisplay({ width: photo.width, height: photo.height, regions, sheet }, async () =>
    pictureBundle(await sheet(), `prompts of ${regions.length} regions of ${loaded.name}`),
  );
}

/** A region as the sheet wants it: prompts that nobody has answered. */
function undecided({
  label,
  box,
  area,
  mask,
  prompts,
}: PromptedRegion): Parameters<typeof explainPNG>[1][number] {
  const iteration = { source: "coarse", sourceMask: mask, prompts, candidates: [], accepted: false } as const;
  return {
    ...{ maskIndex: 0, label, box, area, refinedArea: area, verdict: "unchanged", reason: "only excavated" },
    ...{ coarseIoU: 1, iterations: [iteration] },
  };
}
