/** The files of one refinement. */
import { InputError } from "../core/errors.ts";
import type { MaskInput } from "../dataset/inputs.ts";
import { type LoadedMask, loadMask } from "../dataset/load-mask.ts";
import { type LoadedPhoto, loadPhoto } from "../dataset/load-photo.ts";
import type { RefineInput, RefineOptions } from "./types.ts";

/**
 * Reads a photo and its masks, in the order of the input, at least one mask. A mask that cannot be used goes to `onRefused`; without one it ends the call.
 *
 * @throws {InputError} when the photo or every mask is unusable
 */
export async function loadInputs(
  { image, mask }: RefineInput,
  { ignoreLabel, encoding, signal, onRefused }: RefineOptions,
  pixelLimit: number,
): Promise<LoadedPhoto> {
  const inputs = Array.isArray(mask) ? (mask as readonly MaskInput[]) : [mask as MaskInput];
  if (inputs.length === 0) throw new InputError("The list of masks is empty: expected at least one mask");
  const refuse = (index: number, error: unknown): void => {
    if (onRefused === undefined || !(error instanceof InputError)) throw error;
    onRefused(index, error);
  };
  const places = new Map<LoadedMask, number>();
  const readMasks = async (): Promise<readonly LoadedMask[]> => {
    const read = await Promise.allSettled(
      inputs.map((input) => loadMask(input, { ignoreLabel, encoding }, pixelLimit, signal)),
    );
    read.forEach((outcome, i) => {
      if (outcome.status === "fulfilled") places.set(outcome.value, i);
      else refuse(i, outcome.reason);
    });
    const unread = read.find(({ status }) => status === "rejected");
    if (places.size === 0 && unread !== undefined) throw (unread as PromiseRejectedResult).reason;
    return [...places.keys()];
  };
  return loadPhoto(image, readMasks(), pixelLimit, signal, (misfit, error) =>
    refuse(places.get(misfit)!, error),
  );
}
