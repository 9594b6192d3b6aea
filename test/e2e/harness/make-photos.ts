/** Photos that differ, so that each has to be encoded: the sample a little darker every time. */
import { writeFileSync } from "node:fs";
import sharp from "sharp";

/** Writes a photo of its own to each path. */
export async function makePhotos(paths: readonly string[]): Promise<void> {
  for (const [index, path] of paths.entries()) {
    const darker = sharp("examples/sample/photo.jpg").modulate({ brightness: 1 - 0.01 * (index + 1) });
    writeFileSync(path, await darker.jpeg({ quality: 92 }).toBuffer());
  }
}
