/** A second look at one region: what lies around it encoded again, larger. */
import { windowContrast } from "../core/boundary-contrast.ts";
import { contrastView } from "../core/contrast-view.ts";
import { cropAround, cropMask, cropPhoto } from "../core/crops.ts";
import type { Photo } from "../core/lab.ts";
import { type Mask, maskBox } from "../core/mask.ts";
import type { Window } from "../core/resample.ts";
import type { MethodSettings } from "../core/settings.ts";
import { agreementOf } from "./agreement.ts";
import { Cascade, type CascadeResult, type CascadeTask, type RefinedWindow } from "./cascade.ts";
import type { Decoder } from "./decoder.ts";
import { driveCascades } from "./drive-cascades.ts";

/** Share of the boundary contrast so far that the second look must keep: more detail has a longer, weaker boundary. */
const KEPT_CONTRAST = 0.95;

/** One decode of the mask that is refined already, held to no gate but that of this file. */
const SECOND_LOOK: Partial<MethodSettings> = {
  iterations: 1,
  margins: [0.05],
  gate: "none",
  growth: "none",
  crops: "none",
};

/** What a second look is done with. */
export interface CropTools {
  readonly encode: (
    photo: Photo,
  ) => Promise<{ readonly embedding: Float32Array; readonly runtimeMs: number }>;
  readonly decoder: Pick<Decoder, "decode" | "elapsed">;
  readonly signal?: AbortSignal | undefined;
}

/** What a second look made of a region, and what it cost. */
export interface SecondLook {
  /** The first result where the second one is no better. */
  readonly result: CascadeResult;
  readonly encoderRuns: number;
  readonly encodeMs: number;
  readonly decoderRuns: number;
  readonly decodeMs: number;
  readonly methodMs: number;
}

/** Whether a region is to be looked at again: what was kept stays kept, what a person decided stays decided, and once is enough. */
export function wantsCrop({ settings, own, taken }: CascadeTask, { verdict, crop }: CascadeResult): boolean {
  const asked = settings.crops !== "none" && settings.method === "samrefiner";
  return asked && verdict === "refined" && crop === undefined && own === undefined && taken === undefined;
}

/**
 * Refines a region once more on a crop of the photo around its refined mask.
 *
 * @throws the signal's reason, checked before every run of the model
 */
export async function refineOnCrop(
  photo: Photo,
  task: CascadeTask,
  result: CascadeResult,
  { encode, decoder, signal }: CropTools,
): Promise<SecondLook> {
  const spent = { encoderRuns: 0, encodeMs: 0, decoderRuns: 0, decodeMs: 0, methodMs: 0 };
  const first = photoMask(result.refined!, photo);
  const box = maskBox(first);
  const window = box && cropAround(box, photo);
  if (window === undefined) return { result, ...spent };
  signal?.throwIfAborted();
  const crop = cropPhoto(photo, window);
  const { embedding, runtimeMs } = await encode(crop);
  const encoded = { photo: crop, embedding };
  const settings = { ...task.settings, ...SECOND_LOOK };
  const again = { mask: cropMask(first, window), settings, explain: false, logits: task.logits } as const;
  const run = await driveCascades([new Cascade(encoded, again)], decoder, encoded, 1, signal);
  const refined = run.results[0]?.refined;
  const second = refined && moved(refined, window);
  const { decoderRuns, decodeMs, methodMs } = run;
  const cost = { encoderRuns: 1, encodeMs: runtimeMs, decoderRuns, decodeMs, methodMs };
  if (second === undefined || !keepsContrast(photo, task, result.refined!, second))
    return { result, ...cost };
  const agreement = agreementOf(second, task.mask);
  return { result: { ...result, refined: second, ...agreement, crop: window }, ...cost };
}

function keepsContrast(
  photo: Photo,
  { mask, settings }: CascadeTask,
  first: RefinedWindow,
  second: RefinedWindow,
): boolean {
  if (settings.gate === "none") return true;
  const view = contrastView(photo, maskBox(mask)!);
  return windowContrast(view, second) >= KEPT_CONTRAST * windowContrast(view, first);
}

/** A refined window as a mask of the photo's size. */
function photoMask({ x0, y0, x1, y1, mask }: RefinedWindow, { width, height }: Photo): Mask {
  const data = new Uint8Array(width * height);
  const columns = x1 - x0;
  for (let y = y0; y < y1; y++)
    data.set(mask.subarray((y - y0) * columns, (y - y0 + 1) * columns), y * width + x0);
  return { width, height, data };
}

/** A window of a crop as one of the photo. */
function moved(refined: RefinedWindow, { x0, y0 }: Window): RefinedWindow {
  return {
    ...refined,
    x0: refined.x0 + x0,
    y0: refined.y0 + y0,
    x1: refined.x1 + x0,
    y1: refined.y1 + y0,
  };
}
