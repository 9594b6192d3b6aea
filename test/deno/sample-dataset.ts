/** A small dataset made of the sample, in a folder of its own. */
import { cp, mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Photo and coarse mask of the sample. */
export const photo = "examples/sample/photo.jpg";
export const mug = "examples/sample/mug_coarse.png";

/** Lays `images/a.jpg` and `masks/a.png` out below a new folder and returns it. */
export async function sampleDataset(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "samrefiner-deno-"));
  await mkdir(join(root, "data/images"), { recursive: true });
  await mkdir(join(root, "data/masks"));
  await cp(photo, join(root, "data/images/a.jpg"));
  await cp(mug, join(root, "data/masks/a.png"));
  return root;
}
