// Renews the pictures of README and walkthrough from what the end-to-end walks saw: run it after `npm test`, look at
// what came out, commit. Pictures are palette PNGs, which halves their size at no visible cost.
import { join } from "node:path";
import sharp from "sharp";
import { root } from "./set-up.mjs";

const shots = join(root, ".cache/e2e/shots");

/** Where each picture comes from; `crop` is left, top, width, height. */
const pictures = [
  { shot: "preview-02-swipe", picture: "docs/pictures/vscode-preview.png" },
  { shot: "run-06-review", picture: "docs/pictures/vscode-review.png" },
  { shot: "preview-03-coarse", crop: [352, 36, 552, 600], picture: "media/walkthrough/sample.png" },
  { shot: "preview-01-menu", crop: [0, 36, 640, 600], picture: "media/walkthrough/refine.png" },
  { shot: "preview-07-changes", crop: [352, 36, 552, 600], picture: "media/walkthrough/compare.png" },
  { shot: "preview-02-swipe", crop: [904, 36, 376, 732], picture: "media/walkthrough/accept.png" },
  { shot: "run-06-review", crop: [0, 36, 900, 600], picture: "media/walkthrough/workspace.png" },
];

for (const { shot, crop, picture } of pictures) {
  const image = sharp(join(shots, `${shot}.png`));
  if (crop !== undefined) {
    const [left, top, width, height] = crop;
    image.extract({ left, top, width, height });
  }
  const { size } = await image.png({ palette: true, effort: 10 }).toFile(join(root, picture));
  console.log(`${picture}  ${Math.round(size / 1000)} kB`);
}
