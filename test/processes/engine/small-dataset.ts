import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mugBox, smallPhoto } from "../../cli/pictures.ts";

/** Photos that differ in their bytes, each with a rough mask. Returns the folder. */
export async function smallDataset(folder: string, photos: number): Promise<string> {
  await mkdir(join(folder, "images"), { recursive: true });
  await mkdir(join(folder, "masks"));
  for (let i = 0; i < photos; i++) {
    const photo = smallPhoto().jpeg({ quality: 90 - i });
    await photo.toFile(join(folder, "images", `p${i}.jpg`));
    await writeFile(join(folder, "masks", `p${i}.png`), mugBox());
  }
  return folder;
}
