/** PASCAL VOC: instances in `SegmentationObject`, their classes in `SegmentationClass`. */
import { basename, dirname, join } from "node:path";
import { vocColours } from "../../../formats/mod.ts";
import { fileStem } from "../names.ts";
import { hasInstanceColours } from "./colours-of-file.ts";
import { followingSibling } from "./follow.ts";
import type { Layout, LayoutSearch } from "./layout.ts";

/** What VOC says of a mask file; `undefined` for other files. */
export async function vocLayout(path: string, search: LayoutSearch): Promise<Layout | undefined> {
  const folder = basename(dirname(path));
  if (/^SegmentationClass/.test(folder))
    return { mode: "semantic", reading: { encoding: "labels" }, siblings: [] };
  if (!hasInstanceColours(path)) return undefined;
  const classes = await search.folders.withStem(join(dirname(dirname(path)), "SegmentationClass"), [
    fileStem(path),
  ]);
  const sibling = classes.find((other) => basename(other) === basename(path));
  // Instances have VOC's colours whatever their classes are called.
  const coloured = (await search.heads.kind(path)) === "colour";
  return {
    mode: "instance",
    reading: { encoding: "labels", ...(coloured ? { colours: vocColours() } : {}) },
    siblings: sibling === undefined ? [] : [followingSibling(path, sibling, "voc", search.show)],
  };
}
