/** Cityscapes: up to four pictures of one annotation, `X_gtFine_instanceIds.png` and what can be told from it. */
import { basename, dirname, join } from "node:path";
import { followingSibling } from "./follow.ts";
import { type CityscapesKind as Kind, cityscapesKinds as kinds } from "./follow-rules.ts";
import type { Layout, LayoutSearch } from "./layout.ts";

const fileName = /^(.+_gt(?:Fine|Coarse)_)(instanceIds|labelIds|labelTrainIds|color)\.png$/;

/** What Cityscapes says of a mask file; `undefined` for other files. */
export async function cityscapesLayout(path: string, search: LayoutSearch): Promise<Layout | undefined> {
  const [, prefix, kind] = (fileName.exec(basename(path)) ?? []) as [string?, string?, Kind?];
  // Colours alone name no ids.
  if (prefix === undefined || kind === undefined || kind === "color") return undefined;
  const { files } = await search.folders.look(dirname(path));
  const present = new Set(files);
  const followers = kinds
    .slice(kinds.indexOf(kind) + 1)
    .filter((other) => present.has(`${prefix}${other}.png`));
  return {
    mode: kind === "instanceIds" ? "instance" : "semantic",
    reading: { encoding: "labels" },
    siblings: followers.map((other) =>
      followingSibling(
        path,
        join(dirname(path), `${prefix}${other}.png`),
        `cityscapes:${kind}:${other}`,
        search.show,
      ),
    ),
  };
}

/** Whether a file has the polygons that Cityscapes' pictures are made of. */
export function isPolygonsOfCityscapes(path: string): boolean {
  return polygonsName.test(basename(path));
}

const polygonsName = /^(.+_gt(?:Fine|Coarse)_)polygons\.json$/;

/** Whether pictures with ids that are made of them lie beside a file of polygons. */
export async function hasPictures(polygons: string, folders: LayoutSearch["folders"]): Promise<boolean> {
  const [, prefix] = polygonsName.exec(basename(polygons)) ?? [];
  const { files } = await folders.look(dirname(polygons));
  return kinds.some((kind) => kind !== "color" && files.includes(`${prefix}${kind}.png`));
}
