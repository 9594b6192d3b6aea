/** A workspace of mixed formats in a temporary folder, made from the bundled sample. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectRoot } from "./project-root.ts";

/** A folder for one test. */
export interface Workspace extends Disposable {
  /** Absolute path. */
  readonly folder: string;
  /** Absolute path of a file in it. */
  path(file: string): string;
}

/** What a workspace holds: files of the sample, or their text. */
export type WorkspaceFiles = Readonly<
  Record<string, { readonly sample: string } | { readonly text: string }>
>;

/** Coarse outlines of two things on the sample's table: `[x, y]` in photo pixels. */
const MUG: readonly (readonly [number, number])[] = [
  [150, 180],
  [300, 150],
  [450, 180],
  [545, 260],
  [530, 410],
  [440, 445],
  [400, 500],
  [230, 510],
  [165, 420],
];
const APPLE: readonly (readonly [number, number])[] = [
  [575, 285],
  [690, 215],
  [800, 270],
  [835, 360],
  [770, 470],
  [640, 480],
  [560, 400],
];

/** The workspace that most walks use. Photos of other names are the same picture. */
export const KITCHEN: WorkspaceFiles = {
  "images/mug.jpg": { sample: "photo.jpg" },
  "images/apple.jpg": { sample: "photo.jpg" },
  "images/table.jpg": { sample: "photo.jpg" },
  "masks/mug.png": { sample: "mug_coarse.png" },
  "masks/apple.png": { sample: "fruit_coarse.png" },
  "masks/table.png": { sample: "labels_coarse.png" },
  "labelme/desk.jpg": { sample: "photo.jpg" },
  "labelme/desk.json": { text: labelme() },
  "coco/set.jpg": { sample: "photo.jpg" },
  "coco/instances.json": { text: coco() },
};

export function makeWorkspace(files: WorkspaceFiles = KITCHEN): Workspace {
  const folder = mkdtempSync(join(tmpdir(), "samrefiner-ws-"));
  const path = (file: string): string => join(folder, file);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(path(name)), { recursive: true });
    if ("text" in content) writeFileSync(path(name), content.text);
    else cpSync(join(projectRoot, "examples/sample", content.sample), path(name));
  }
  return { folder, path, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

function labelme(): string {
  const file = {
    version: "5.5.0",
    flags: {},
    shapes: [{ label: "mug", points: MUG, group_id: null, shape_type: "polygon", flags: {} }],
    imagePath: "desk.jpg",
    imageData: null,
    imageHeight: 750,
    imageWidth: 1000,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function coco(): string {
  const file = {
    images: [{ id: 1, file_name: "set.jpg", width: 1000, height: 750 }],
    annotations: [
      { id: 11, image_id: 1, category_id: 1, iscrowd: 0, segmentation: [MUG.flat()] },
      { id: 12, image_id: 1, category_id: 2, iscrowd: 0, segmentation: [APPLE.flat()] },
    ],
    categories: [
      { id: 1, name: "mug" },
      { id: 2, name: "apple" },
    ],
  };
  return JSON.stringify(file);
}
