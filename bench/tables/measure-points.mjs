// Table 2a: the positive point at another place than the most inner pixel, with SAM asked directly.
import { boundaryIoU, maskIoU, readMask } from "../../dist/sdk.js";
import { rounded } from "./measure.mjs";

/** Rows of entries, see results.mjs. */
export async function measurePoints(refiner, { strategy, others }, entries) {
  const rows = {};
  for (const { id, image, coarse, gt } of entries) {
    const embedding = await refiner.embeddings(image);
    const { regions } = await refiner.prompts(image, coarse, { preset: "paper" });
    const [{ mask, box, prompts }] = regions;
    const positive = strategy === "distance" ? prompts.positive : placePoint(strategy, mask, box);
    const given = others === "alone" ? { positive } : { ...prompts, positive };
    const candidates = await refiner.decode(embedding, given, { upscale: "bilinear" });
    const refined = candidates.slice(1).reduce((a, b) => (b.predictedIoU > a.predictedIoU ? b : a)).mask;
    const truth = await readMask(gt);
    rows[id] = [
      maskIoU(mask, truth),
      maskIoU(refined, truth),
      boundaryIoU(mask, truth),
      boundaryIoU(refined, truth),
    ].map(rounded);
  }
  return rows;
}

function placePoint(strategy, { width, data }, [x0, y0, x1, y1]) {
  if (strategy === "box-centre") return { x: Math.round((x0 + x1) / 2), y: Math.round((y0 + y1) / 2) };
  // The same pixel in every run: a fixed share of the way through the mask's pixels.
  const pixels = data.reduce((sum, value) => sum + value, 0);
  const draw = Math.imul(pixels ^ (x0 * 7919 + y0 * 104729), 0x9e3779b1) >>> 0;
  let left = Math.floor((draw / 2 ** 32) * pixels);
  const at = data.findIndex((value) => value === 1 && left-- === 0);
  return { x: at % width, y: Math.floor(at / width) };
}
