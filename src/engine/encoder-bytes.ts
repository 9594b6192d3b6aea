/** How large an encoder is. */
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ModelOnDisk } from "./model-store.ts";

/** Bytes of its graph and of the files beside it that hold weights; a missing one, which opening it will tell, counts as none. */
export async function encoderBytes({
  encoderPath,
  encoderData,
}: Pick<ModelOnDisk, "encoderPath" | "encoderData">): Promise<number> {
  const paths = [encoderPath, ...encoderData.map((name) => join(dirname(encoderPath), name))];
  const sizes = paths.map((path) =>
    stat(path).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
