/** The refiner that the plain functions share. */
import { OptionError } from "../../core/errors.ts";
import { createRefiner, type Refiner, type RefinerOptions } from "../create-refiner.ts";

let shared: { readonly refiner: Promise<Refiner>; readonly options: string } | undefined;

/**
 * The refiner that `refine`, `explain`, `prompts`, `embeddings`, `decode`, `adapt` and `refineDataset` share. It is opened by the
 * first call that needs it and stays open until it is closed or the program ends; a call after that opens a new one.
 * Call this first to choose its model or device, and `close()` what it returns to free the memory.
 *
 * @param options as for `createRefiner`; when absent, those of the open one
 * @throws {OptionError} when it is open with other options
 * @throws {ModelError} when the model is missing or broken
 * @throws {DeviceError} when the wanted device does not work
 * @example
 * ```ts
 * import { refine, sharedRefiner } from "samrefiner";
 * const refiner = await sharedRefiner({ device: "cpu" });
 * const result = await refine("examples/sample/photo.jpg", "examples/sample/mug_coarse.png");
 * console.log(result.device); // cpu
 * await refiner.close();
 * ```
 */
export async function sharedRefiner(options?: RefinerOptions): Promise<Refiner> {
  const wanted = JSON.stringify(options ?? {});
  if (shared === undefined) {
    const opening = { refiner: open(options), options: wanted };
    shared = opening;
    // One that failed to open is no one's: the next call tries again.
    opening.refiner.catch(() => forget(opening));
  } else if (options !== undefined && shared.options !== wanted) {
    throw new OptionError(
      `The shared refiner is open with ${shared.options}: expected the same options, or its close()`,
    );
  }
  return shared.refiner;
}

async function open(options?: RefinerOptions): Promise<Refiner> {
  const refiner = await createRefiner(options);
  const close = (): Promise<void> => {
    shared = undefined;
    return refiner.close();
  };
  return { ...refiner, close, [Symbol.asyncDispose]: close };
}

function forget(opening: typeof shared): void {
  if (shared === opening) shared = undefined;
}
