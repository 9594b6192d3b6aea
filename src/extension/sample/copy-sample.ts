/** The sample as a small dataset of the user's own, laid out as people lay out theirs. */
import { constants } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Paths in the copy, by path below `examples/sample`. */
const FILES: Readonly<Record<string, string>> = {
  "photo.jpg": "images/still-life.jpg",
  "mug_coarse.png": "mug/still-life.png",
  "fruit_coarse.png": "apple/still-life.png",
  "labels_coarse.png": "labels/still-life.png",
};

/** The mask to begin with, below the copy. */
export const FIRST_MASK = "mug/still-life.png";

/**
 * Copies the sample below `folder`. Files that are there stay as they are: somebody may have refined them.
 *
 * @param sample folder of the sample as shipped
 * @returns absolute path of the mask to begin with
 */
export async function copySample(sample: string, folder: string): Promise<string> {
  for (const [from, to] of Object.entries(FILES)) {
    const target = join(folder, to);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(sample, from), target, constants.COPYFILE_EXCL).catch(ignoreExisting);
  }
  return join(folder, FIRST_MASK);
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
