/** Photos whose samples have a known answer. */
import type { PhotoSamples } from "../../../src/dataset/adapt/photo-samples.ts";
import { misrankedSamples } from "../../core/adaption/samples.ts";

/** Photos of a few decodes each; the head puts token 1 first where token 3 is right. */
export function misrankedPhotos(count: number, decodes = 3): PhotoSamples[] {
  return Array.from({ length: count }, (_, i) => ({
    key: `photos/${i}.jpg`,
    photo: String(i),
    samples: misrankedSamples(decodes, [3], i + 1).map((sample, k) => ({
      ...sample,
      prompt: "box" as const,
      region: { file: `masks/${i}.png`, id: String(k + 1), label: "1", box: [0, 0, 9, 9] as const },
    })),
  }));
}
