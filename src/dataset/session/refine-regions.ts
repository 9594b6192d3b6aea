/** Regions through the engine, a few at a time: what a cascade explains with takes megabytes until it is condensed. */
import { frameOf } from "../../core/frame.ts";
import type { Mask } from "../../core/mask.ts";
import type { MethodSettings } from "../../core/settings.ts";
import type { CascadeTask, EncodedPhoto } from "../../engine/cascade.ts";
import type { CascadeRun } from "../../engine/drive-cascades.ts";
import type { Engine } from "../../engine/engine.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { maskOfStretches, type Stretches } from "./stretches.ts";

/** A region to refine. */
export interface RegionWish extends Pick<CascadeTask, "own" | "taken" | "logits" | "adaptor"> {
  readonly coarse: Stretches;
  readonly settings: MethodSettings;
}

/** Outcomes in the order of the wishes, and what they cost. */
export interface RefinedRegions {
  readonly outcomes: readonly Outcome[];
  readonly run: Omit<CascadeRun, "results">;
}

/** Bytes of regions that are refined at once. */
const AT_ONCE = 2 ** 29;
/** Bytes that a cascade explains with, beside masks. */
const EXPLAINED = 2 ** 23;
/** Bytes a pixel: the coarse mask here and in a worker, and logits. */
const PER_PIXEL = 6;
/** Fewer would leave worker threads idle. */
const LEAST = 8;

/**
 * Refines regions of a photo.
 *
 * @throws the signal's reason, checked before every decoder run
 */
export async function refineRegions(
  engine: Pick<Engine, "refine">,
  encoded: EncodedPhoto,
  wishes: readonly RegionWish[],
  { signal, onRegion }: { readonly signal?: AbortSignal | undefined; readonly onRegion?: () => void },
): Promise<RefinedRegions> {
  const { photo } = encoded;
  const frame = frameOf(photo.width, photo.height);
  const atOnce = Math.max(LEAST, Math.floor(AT_ONCE / (EXPLAINED + PER_PIXEL * photo.width * photo.height)));
  const outcomes: Outcome[] = [];
  const run = { encoderRuns: 0, encodeMs: 0, decoderRuns: 0, decodeMs: 0, methodMs: 0 };
  for (let first = 0; first < wishes.length; first += atOnce) {
    const tasks = wishes.slice(first, first + atOnce).map(
      ({ coarse, ...wish }): CascadeTask => ({
        ...wish,
        mask: coarseMask(encoded, coarse, wishes.length),
        explain: "logits",
      }),
    );
    const { results, ...spent } = await engine.refine(encoded, tasks, onRegion, signal);
    outcomes.push(...results.map((result) => outcomeOf(result, frame)));
    run.encoderRuns += spent.encoderRuns;
    run.encodeMs += spent.encodeMs;
    run.decoderRuns += spent.decoderRuns;
    run.decodeMs += spent.decodeMs;
    run.methodMs += spent.methodMs;
  }
  return { outcomes, run };
}

/** The mask that was refined last, alone: sliders refine it again and again, and what was worked out hangs on the object. */
const latest = new WeakMap<EncodedPhoto, { readonly coarse: Stretches; readonly mask: Mask }>();

function coarseMask(encoded: EncodedPhoto, coarse: Stretches, together: number): Mask {
  const known = latest.get(encoded);
  if (known?.coarse === coarse) return known.mask;
  const mask = maskOfStretches(coarse, encoded.photo);
  // Of many regions each would only push out the one before.
  if (together === 1) latest.set(encoded, { coarse, mask });
  return mask;
}
