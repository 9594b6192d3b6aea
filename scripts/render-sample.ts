/**
 * Renders examples/sample/: a still life with exact ground truth, and coarse masks made from that truth.
 *
 *   npx esbuild scripts/render-sample.ts --bundle --platform=node --format=esm --external:sharp \
 *     --outfile=.cache/render-sample.mjs && node .cache/render-sample.mjs
 *
 * Takes a few minutes on one core. A folder and a number of samples per pixel side may follow the command,
 * for a quick look: `node .cache/render-sample.mjs .cache 2`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { iou, type Mask, maskOf, predicted, sketched, stripe } from "./render-sample/damage.ts";
import { develop, render } from "./render-sample/picture.ts";
import { encodePng, vocPalette } from "./render-sample/png.ts";
import { APPLE, BANANA, LEAF, MUG } from "./render-sample/shapes.ts";

const WIDTH = 1000;
const HEIGHT = 750;
const SAMPLES = 5;
const VOID = 255;

const NAMES: ReadonlyMap<number, string> = new Map([
  [MUG, "mug"],
  [APPLE, "apple"],
  [BANANA, "banana"],
  [LEAF, "leaf"],
]);

/** The coarse mask of each object, with the mistakes of a network or of a hasty hand. */
function coarseMasks(labels: Uint8Array): Map<number, Mask> {
  const truth = (id: number): Mask => maskOf(labels, WIDTH, HEIGHT, id);
  return new Map([
    [MUG, predicted(truth(MUG), { seed: 6, blur: 3, bias: 1.65, leak: 0.14 })],
    [APPLE, sketched(truth(APPLE), 11, 1, 0.24)],
    [BANANA, predicted(truth(BANANA), { seed: 5, blur: 1, bias: 2, leak: 0.05 })],
    [LEAF, sketched(truth(LEAF), 12, 3, 0.15)],
  ]);
}

/** All coarse masks in one label map, the banana's contour marked void as annotators do. */
function labelMap(masks: ReadonlyMap<number, Mask>): Uint8Array {
  const out = new Uint8Array(WIDTH * HEIGHT);
  for (const [id, { data }] of masks) {
    for (let i = 0; i < out.length; i++) if (data[i]) out[i] = id;
  }
  const edge = stripe(masks.get(BANANA)!, 3).data;
  for (let i = 0; i < out.length; i++) if (edge[i]) out[i] = VOID;
  return out;
}

const black = ({ data }: Mask): Uint8Array => data.map((value) => value * 255);

async function main(folder: string, side: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const save = (name: string, data: Uint8Array): void => {
    writeFileSync(join(folder, name), data);
    console.log(`${name}: ${data.length} bytes`);
  };
  const rendering = render(WIDTH, HEIGHT, side);
  const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
  save("photo.jpg", await sharp(develop(rendering), { raw }).jpeg({ quality: 90, mozjpeg: true }).toBuffer());
  save("truth.png", encodePng(rendering.labels, WIDTH, HEIGHT, vocPalette()));
  const masks = coarseMasks(rendering.labels);
  for (const [id, mask] of masks) {
    const overlap = iou(mask, maskOf(rendering.labels, WIDTH, HEIGHT, id));
    console.log(`${NAMES.get(id)} (label ${id}): coarse IoU ${overlap.toFixed(3)}`);
  }
  save("mug_coarse.png", encodePng(black(masks.get(MUG)!), WIDTH, HEIGHT));
  save("fruit_coarse.png", encodePng(black(masks.get(APPLE)!), WIDTH, HEIGHT));
  const comment = "SAMRefiner sample: 1 mug, 2 apple, 3 banana, 4 leaf, 255 void";
  save("labels_coarse.png", encodePng(labelMap(masks), WIDTH, HEIGHT, vocPalette(), comment));
}

await main(process.argv[2] ?? join("examples", "sample"), Number(process.argv[3] ?? SAMPLES));
