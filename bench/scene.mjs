// What the speed benches refine: the bundled picture enlarged to a given size, with any number of coarse masks.
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const sample = fileURLToPath(new URL("../examples/sample/", import.meta.url));

/** The picture as JPEG bytes and a coarse mask (0/255 PNG bytes), both `width` pixels wide. */
export async function scene(width, mask = "mug_coarse.png") {
  const photo = await sharp(`${sample}photo.jpg`).resize(width).jpeg({ quality: 92 }).toBuffer();
  const { height } = await sharp(photo).metadata();
  const coarse = await sharp(`${sample}${mask}`)
    .resize(width, height, { kernel: "nearest" })
    .extractChannel(0)
    .png()
    .toBuffer();
  return { photo, coarse, width, height };
}

/** `count` different masks: the coarse one moved a little, so that no two are alike. */
export async function shiftedMasks({ coarse, width, height }, count) {
  const masks = [];
  for (let i = 0; i < count; i++) {
    const dx = (i % 8) * 2;
    const dy = Math.floor(i / 8) * 2;
    const moved = await sharp(coarse)
      .extend({ top: dy, left: dx, background: { r: 0, g: 0, b: 0 } })
      .png()
      .toBuffer();
    masks.push(
      await sharp(moved).extract({ left: 0, top: 0, width, height }).extractChannel(0).png().toBuffer(),
    );
  }
  return masks;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
