/** Names of previews. */
import { basename } from "node:path";
import type { PreviewSource } from "../services.ts";
import type { Translate } from "../translate.ts";

/** The tab's title: `mug_coarse.png ↔ refined`. */
export function previewTitle({ sources, key }: PreviewSource, t: Translate): string {
  return t("{0} ↔ refined", key === undefined ? basename(sources[0] ?? "") : key.split("/").at(-1)!);
}

/** Whether two sources are the same preview. */
export function sameSource(a: PreviewSource, b: PreviewSource): boolean {
  const parts = ({ sources, image, key, journal }: PreviewSource): unknown => [
    [...sources].sort(),
    image ?? null,
    key ?? null,
    journal ?? null,
  ];
  return JSON.stringify(parts(a)) === JSON.stringify(parts(b));
}
