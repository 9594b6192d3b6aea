// The IoU adaptor of table 1: trained on the simulated set's coarse masks, without its ground truth, as the paper does.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { simulatedEntries, simulatedFolder } from "./sets.mjs";

const file = join(simulatedFolder, "adaptor.safetensors");

/** Path of the adaptor; trained with the published settings where it is not there yet. */
export async function openAdaptor(refiner) {
  if (existsSync(file)) return file;
  const entries = simulatedEntries();
  const masks = entries.map(({ coarse }) => coarse);
  const result = await refiner.adapt(masks, { images: dirname(entries[0].image) });
  await result.save(file);
  return file;
}
