import { constants } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../../src/core/errors.ts";
import { encodeRuns } from "../../../../src/core/run-length.ts";
import { coco, cocoResults, lvis } from "../../../../src/formats/annotations/coco/coco.ts";
import { annotationFormats, detectAnnotations } from "../../../../src/formats/annotations/registry.ts";
import { compressCounts } from "../../../../src/formats/compressed-counts.ts";
import { tracePolygons } from "../../../../src/formats/geometry/trace-polygons.ts";
import { ascii, draw, rectangle } from "../../../helpers/ascii-mask.ts";
import {
  anyBytes,
  damaged,
  decode,
  encode,
  exact,
  masks,
  readOrRefuse,
  regionsOf,
  rewrite,
} from "../corpus.ts";

const size = { width: 6, height: 4 };

const file = `{
  "info": {"note": "1.50 \\u00e9", "__proto__": {"id": 7}},
  "images": [
    {"id": 3, "file_name": "a\\\\b.jpg", "width": 6, "height": 4, "license": 1.0},
    {"id": 4, "file_name": "c.jpg", "width": 6, "height": 4}
  ],
  "annotations": [
    {"id": 17, "image_id": 3, "category_id": 2, "segmentation": [[1, 0, 3, 0, 3, 2, 1, 2], [4, 3, 6, 3, 6, 4, 4, 4]],
     "area": 6.0, "bbox": [1.0, 0.0, 5.0, 4.0], "iscrowd": 0, "attributes": {"bbox": [9], "area": 9}},
    {"area":4,"segmentation":{"counts":[5,2,2,2,13],"size":[4,6],"more":1},"bbox":[1,1,2,2],"id":18,"image_id":3,"category_id":1},
    {"id": 19, "image_id": 4, "category_id": 2, "segmentation": {"size": [4, 6], "counts": "5220;"}},
    {"id": 20, "image_id": 4, "category_id": 2, "iscrowd": 1, "segmentation": {"size": [4, 6], "counts": [24]}},
    {"id": 21, "image_id": 4, "category_id": 9, "segmentation": [], "bbox": [0, 0, 2, 2]}
  ],
  "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog", "supercategory": "animal"}]
}
`;

const read = (text: string) => coco.read("file", encode(text));
const refusal = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  return "nothing was refused";
};

describe("reading instances", () => {
  it("gives photos by their links and regions with class, instance and order", () => {
    const { photos, format, notes } = read(file);
    expect(format).toBe("coco");
    expect(photos.map(({ id, link, size }) => ({ id, link, size }))).toEqual([
      { id: "images/3", link: "a/b.jpg", size },
      { id: "images/4", link: "c.jpg", size },
    ]);
    expect(
      photos.flatMap(({ regions }) => regions.map(({ id, label, skip, order }) => [id, label, skip, order])),
    ).toEqual([
      ["annotations/17", "dog", undefined, 0],
      ["annotations/18", "cat", undefined, 1],
      ["annotations/19", "dog", undefined, 0],
      ["annotations/20", "dog", "crowd", 1],
      ["annotations/21", "9", "a box without a segmentation", 2],
    ]);
    expect(regionsOf(read(file)).map(({ instance }) => instance)).toEqual(["17", "18", "19", "20", "21"]);
    expect(notes).toEqual(["file: annotations/21: a category_id that the file does not list"]);
  });

  it("reads polygons, run lengths and compressed run lengths", () => {
    const [polygons, runs, compressed] = regionsOf(read(file)).map(
      ({ mask }) =>
        () =>
          draw(mask(size)).split("\n"),
    );
    expect(polygons!()).toEqual([".##...", ".##...", "......", "....##"]);
    expect(runs!()).toEqual(["......", ".##...", ".##...", "......"]);
    expect(compressed!()).toEqual(runs!());
  });

  it("refuses a photo of another size", () => {
    const [polygons, runs] = regionsOf(read(file));
    for (const region of [polygons!, runs!]) {
      expect(refusal(() => region.mask({ width: 4, height: 6 }))).toBe(
        `file, ${region.id}: found annotations of a photo of 6×4, expected the photo's 4×6`,
      );
    }
  });

  it("tells regions of one id apart by their order, and says so", () => {
    const twice = read(file.replace('"id": 19', '"id": 17').replace('"id":18', '"id":17'));
    expect(
      regionsOf(twice)
        .map(({ id }) => id)
        .slice(0, 3),
    ).toEqual(["annotations/17", "annotations/17 (2)", "annotations/17 (3)"]);
    expect(twice.notes.join()).toContain("annotations/17, annotations/17: an id that comes again");
    const changed = twice.write([
      { region: "annotations/17 (3)", mask: encodeRuns(rectangle(6, 4, [0, 0, 1, 1])) },
    ]);
    const masks = regionsOf(read(decode(changed.bytes))).map(
      ({ mask }) =>
        () =>
          mask(size),
    );
    expect(masks[2]!()).toEqual(rectangle(6, 4, [0, 0, 1, 1]));
    expect(masks[0]!()).toEqual(regionsOf(twice)[0]!.mask(size));
  });

  it.each([
    [
      "polygons beyond the photo",
      "[[60, 0, 70, 0, 70, 9]]",
      "found polygons without a pixel on the photo, expected some within 6×4",
    ],
    [
      "an odd count of coordinates",
      "[[1, 0, 3, 0, 3, 2, 1]]",
      "found 7 coordinates, expected an x and a y for each point",
    ],
    ["two points", "[[1, 0, 3, 0]]", "found a polygon of 2 points, expected at least 3"],
    ["null among coordinates", "[[1, 0, 3, null, 3, 2]]", "found the coordinate null, expected a number"],
    [
      "coordinates of no finite size",
      "[[1, 0, 3, 1e999, 3, 2]]",
      "found the coordinate Infinity, expected a number",
    ],
    ["points without a list around them", "[1, 0, 3, 0, 3, 2]", "found 1, expected a list"],
    ["text", '"none"', 'found "none", expected a list'],
    ["run lengths without a size", '{"counts": [24]}', "found nothing, expected a list"],
    [
      "run lengths of half a size",
      '{"size": [4], "counts": [24]}',
      "found run lengths without their size, expected [height, width]",
    ],
    [
      "run lengths of another size",
      '{"size": [6, 4], "counts": [24]}',
      "found annotations of a photo of 4×6, expected the photo's 6×4",
    ],
    ["no run lengths", '{"size": [4, 6], "counts": []}', "found runs of 0 pixels, expected 24 for 6×4"],
    [
      "an empty string of them",
      '{"size": [4, 6], "counts": ""}',
      "found runs of 0 pixels, expected 24 for 6×4",
    ],
    [
      "run lengths of a wrong total",
      '{"size": [4, 6], "counts": [5, 20]}',
      "found runs of 25 pixels, expected 24 for 6×4",
    ],
    [
      "a negative run",
      '{"size": [4, 6], "counts": [25, -1]}',
      "found a run of -1 pixels, expected a whole number",
    ],
    [
      "a broken string",
      '{"size": [4, 6], "counts": "52X"}',
      "found no compressed run at character 3, expected COCO's compressed counts",
    ],
  ])("refuses %s for that region only", (_name, segmentation, message) => {
    const broken = read(file.replace(/\[\[1, 0.*?\]\]/, segmentation));
    const [bad, good] = regionsOf(broken);
    expect(refusal(() => bad!.mask(size))).toMatch(/^file, annotations\/17/);
    expect(refusal(() => bad!.mask(size)).endsWith(message)).toBe(true);
    expect(good!.mask(size).data.includes(1)).toBe(true);
  });

  it("reads a broken region again once it is replaced", () => {
    const mask = ascii`
      ......
      .###..
      .#.#..
      ......
    `;
    const broken = file.replace("[[1, 0", "[[null, 0").replace("[5,2,2,2,13]", "[5]");
    for (const id of ["annotations/17", "annotations/18"]) {
      const { file: written } = rewrite(coco, broken, id, mask, exact);
      const region = regionsOf(written).find((candidate) => candidate.id === id)!;
      expect(draw(region.mask(size))).toBe(draw(mask));
    }
  });

  it.each([
    [
      "an image_id without an image",
      '"image_id":5',
      "found the image_id 5, expected the id of one of the images",
    ],
    ["two images of one id", '"image_id": 3', "found two images with the id 3, expected one"],
  ])("refuses %s for its regions only", (name, by, message) => {
    const text = name.startsWith("two")
      ? file.replace('"id": 4', '"id": 3')
      : file.replace('"image_id":3', by);
    const broken = regionsOf(read(text)).find(({ id }) => id === "annotations/18")!;
    expect(refusal(() => broken.mask(size))).toBe(`file, annotations/18: ${message}`);
  });

  it("is quick where every annotation has the same id", () => {
    const list = '{"id": 1, "image_id": 1},'.repeat(1e5);
    const { photos } = read(`{"images": [{"id": 1}], "annotations": [${list.slice(0, -1)}]}`);
    expect(new Set(photos[0]!.regions.map(({ id }) => id)).size).toBe(1e5);
  });

  it("names annotations that belong to no image, and keeps them", () => {
    const text = file.replace('"annotations": [', '"annotations": [ 5, {"image_id": null},');
    const { notes, write } = read(text);
    expect(notes[0]).toBe(
      "file: annotations entry 1, annotations entry 2: no object with an image_id, and left as it is",
    );
    expect(decode(write([]).bytes)).toBe(text);
  });

  it.each([
    ["an empty file", "", "the end of the text at line 1, column 1, expected JSON"],
    [
      "a truncated file",
      '{"images": [],\n "annotations',
      '"\\"annotations" at line 2, column 2, expected JSON',
    ],
    ["NaN", file.replace("6.0", "NaN"), '"NaN, \\"bbox\\":" at line 9, column 14, expected JSON'],
    ["comments", `// no\n${file}`, '"// no\\n{\\n  \\"i" at line 1, column 1, expected JSON'],
    ["a list", "[]", "no images, expected COCO's lists of images and annotations"],
    ["no annotations", '{"images": []}', "no annotations, expected COCO's lists of images and annotations"],
    ["no images", '{"annotations": []}', "no images, expected COCO's lists of images and annotations"],
    ["images in an object", '{"images": {}, "annotations": []}', "an object for images, expected a list"],
    ["an image without an id", '{"images": [{}], "annotations": []}', "the id nothing, expected a number"],
    [
      "an image of no size",
      '{"images": [{"id": 1, "width": -1, "height": 2}], "annotations": []}',
      "a size of -1 by 2, expected whole pixels, at least one",
    ],
    [
      "a panoptic file",
      '{"images": [], "annotations": [{"image_id": 1, "segments_info": []}]}',
      "a panoptic COCO file, expected instances with a segmentation each",
    ],
  ])("refuses %s", (_name, text, message) => {
    const sentence = refusal(() => read(text));
    expect(sentence.startsWith("file")).toBe(true);
    expect(sentence.endsWith(`found ${message}`) ? message : sentence).toBe(message);
  });

  it("refuses bytes that are no UTF-8", () => {
    expect(refusal(() => coco.read("file", Uint8Array.of(0x7b, 0xff, 0x7d)))).toContain("no UTF-8");
  });

  it("takes __proto__ for a key like any other", () => {
    const text =
      '{"__proto__": {"images": 1}, "images": [{"__proto__": {"width": 5}, "id": 1}], "annotations": []}';
    expect(read(text).photos).toEqual([{ id: "images/1", link: undefined, size: undefined, regions: [] }]);
  });
});

describe("writing", () => {
  const mask = ascii`
    ......
    .####.
    .#..#.
    .####.
  `;

  it("gives the very bytes back where no pixel changes", () => {
    const bytes = encode(`\uFEFF${file}`);
    const opened = coco.read("file", bytes);
    const same = regionsOf(opened)
      .slice(0, 3)
      .map((region) => ({ region: region.id, mask: encodeRuns(region.mask(size)) }));
    expect(opened.write([]).bytes).toBe(bytes);
    expect(opened.write(same, { geometry: "mask" }).bytes).toBe(bytes);
  });

  it("replaces a region's geometry, area and box, and no other character", () => {
    const { text, notes } = rewrite(coco, file, "annotations/17", mask, exact);
    expect(text).toBe(
      file
        .replace(/\[\[1, 0.*?\]\]/, "[[5, 1, 5, 4, 1, 4, 1, 2, 2, 2, 2, 3, 4, 3, 4, 2, 2, 2, 1, 2, 1, 1]]")
        .replace("6.0", "10")
        .replace("[1.0, 0.0, 5.0, 4.0]", "[1, 1, 4, 3]"),
    );
    expect(notes).toEqual([
      "file: 1 hole of annotations/17 is joined to the outline by a bridge, for polygons have no holes there",
    ]);
  });

  it("keeps run lengths run lengths, in the file's spacing, with what else they hold", () => {
    const { text } = rewrite(coco, file, "annotations/18", mask);
    expect(text).toBe(
      file
        .replace("[5,2,2,2,13]", "[5,3,1,1,1,1,1,1,1,1,1,3,4]")
        .replace('"area":4', '"area":10')
        .replace('"bbox":[1,1,2,2]', '"bbox":[1,1,4,3]'),
    );
    const compressed = rewrite(coco, file, "annotations/19", mask).text;
    expect(compressed).toBe(file.replace("5220;", compressCounts([5, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 4])));
  });

  it("turns polygons into masks and back on request", () => {
    const asMask = rewrite(coco, file, "annotations/17", mask, { geometry: "mask" });
    const counts = JSON.stringify(compressCounts(encodeRuns(mask).counts));
    expect(asMask.text).toContain(`"segmentation": {"size": [4, 6], "counts": ${counts}},`);
    const asPolygons = rewrite(coco, file, "annotations/18", mask, { ...exact, geometry: "polygon" });
    expect(asPolygons.text).toContain('"segmentation":[[5,1,5,4,1,4,1,2,2,2,2,3,4,3,4,2,2,2,1,2,1,1]],');
  });

  it("refuses regions that the file does not have", () => {
    const change = { region: "annotations/99", mask: encodeRuns(mask) };
    expect(() => read(file).write([change])).toThrow(RangeError);
  });
});

describe("LVIS", () => {
  const text = `{"images": [{"id": 1, "coco_url": "http://images.cocodataset.org/train2017/0001.jpg", "height": 4, "width": 6,
    "neg_category_ids": [5], "not_exhaustive_category_ids": []}],
    "annotations": [{"id": 1, "image_id": 1, "category_id": 5, "area": 4.0, "bbox": [1, 1, 2, 2],
    "segmentation": [[1, 1, 3, 1, 3, 3, 1, 3]]}], "categories": [{"id": 5, "name": "vent", "frequency": "c"}]}`;

  it("finds its photos by the tail of their address and keeps its lists", () => {
    const { photos, format } = lvis.read("file", encode(text));
    expect([format, photos[0]!.link, photos[0]!.regions[0]!.label]).toEqual([
      "lvis",
      "train2017/0001.jpg",
      "vent",
    ]);
    const mask = ascii`
      ......
      ......
      ..##..
      ......
    `;
    expect(rewrite(lvis, text, "annotations/1", mask).text).toBe(
      text
        .replace("[[1, 1, 3, 1, 3, 3, 1, 3]]", "[[4, 2, 4, 3, 2, 3, 2, 2]]")
        .replace("4.0", "2")
        .replace("[1, 1, 2, 2]", "[2, 2, 2, 1]"),
    );
  });

  it("is told from other COCO files", () => {
    const names = [text, file, `[${file.match(/\{"id": 19.*\}/)}]`].map(
      (t) => detectAnnotations("a.JSON", encode(t))?.name,
    );
    expect(names).toEqual(["lvis", "coco", "coco-results"]);
    expect(annotationFormats).toContain(lvis);
  });
});

describe("results", () => {
  const text =
    '[{"image_id": 7, "category_id": 2, "bbox": [1.5, 1.25, 2.0, 2.0], "score": 0.850, "segmentation": {"size": [4, 6], "counts": "5220;"}},\n' +
    ' {"image_id": 7, "category_id": 3, "bbox": [1.0, 1.0, 2.0, 2.0], "score": 1e-3}]';

  it("have photos by number, of their masks' size, and keep their scores", () => {
    const { photos, format } = cocoResults.read("file", encode(text));
    expect(format).toBe("coco-results");
    expect(photos).toMatchObject([{ id: "images/7", link: undefined, size }]);
    expect(photos[0]!.regions.map(({ id, label, skip }) => [id, label, skip])).toEqual([
      ["results/#1", "2", undefined],
      ["results/#2", "3", "a box without a segmentation"],
    ]);
    const mask = ascii`
      ......
      ......
      ..##..
      ......
    `;
    expect(rewrite(cocoResults, text, "results/#1", mask).text).toBe(
      text
        .replace("5220;", compressCounts(encodeRuns(mask).counts))
        .replace("[1.5, 1.25, 2.0, 2.0]", "[2, 2, 2, 1]"),
    );
  });

  it.each([
    ['{"image_id": 7}', "an object for the results, expected a list"],
    ["", "the end of the text at line 1, column 1, expected JSON"],
    ["[{},", "the end of the text at line 1, column 5, expected JSON"],
  ])("refuse %j", (broken, message) => {
    expect(refusal(() => cocoResults.read("file", encode(broken)))).toBe(`file: found ${message}`);
  });
});

describe("any file", () => {
  const kinds = fc.constantFrom("polygons", "runs", "compressed");
  const region = fc.record({
    mask: masks({ width: 17, height: 13 }),
    next: masks({ width: 17, height: 13 }),
    kind: kinds,
  });
  const indent = fc.constantFrom(undefined, 2, "\t");

  const segmentationOf = (mask: ReturnType<typeof ascii>, kind: string): unknown => {
    const { counts } = encodeRuns(mask);
    if (kind === "polygons") return tracePolygons(mask, 0).map(({ outer }) => outer);
    return { size: [13, 17], counts: kind === "runs" ? [...counts] : compressCounts(counts) };
  };

  it.each([coco, lvis, cocoResults])(
    "comes back unchanged, and changed with the new masks: $name",
    (format) => {
      fc.assert(
        fc.property(fc.array(region, { minLength: 1, maxLength: 3 }), indent, (regions, space) => {
          const annotations = regions.map(({ mask, kind }, k) => ({
            extra: "é\u2028",
            image_id: 1,
            category_id: 1,
            ...(format === cocoResults ? { score: 0.5 } : { id: k }),
            segmentation: segmentationOf(mask, kind),
            area: 1,
            bbox: [0, 0, 1, 1],
          }));
          const images = [{ id: 1, coco_url: "http://x/y.jpg", width: 17, height: 13, neg_category_ids: [] }];
          const whole = format === cocoResults ? annotations : { images, annotations, categories: [] };
          const bytes = encode(JSON.stringify(whole, null, space));
          const opened = format.read("file", bytes);
          expect(opened.write([]).bytes).toBe(bytes);
          const ids = regionsOf(opened).map(({ id }) => id);
          const changes = regions.map(({ next }, k) => ({ region: ids[k]!, mask: encodeRuns(next) }));
          const again = format.read("file", opened.write(changes, exact).bytes);
          regionsOf(again).forEach(({ mask }, k) => {
            expect(draw(mask({ width: 17, height: 13 }))).toBe(draw(regions[k]!.next));
          });
          const changed = JSON.parse(decode(opened.write(changes).bytes));
          const kept = format === cocoResults ? changed : changed.annotations;
          expect(kept.map(withoutGeometry)).toEqual(annotations.map(withoutGeometry));
        }),
        { numRuns: 150 },
      );
    },
  );

  it.each([
    [coco, file],
    [lvis, file],
    [
      cocoResults,
      file.slice(file.indexOf('[\n    {"id": 17'), file.lastIndexOf("]", file.indexOf("categories")) + 1),
    ],
  ])("is read or refused, whatever is wrong with it", (format, whole) => {
    expect(() => JSON.parse(whole)).not.toThrow();
    fc.assert(
      fc.property(fc.oneof({ weight: 5, arbitrary: damaged(whole) }, anyBytes), (bytes) => {
        readOrRefuse(format, bytes, size);
      }),
      { numRuns: 1500 },
    );
  });

  it("takes seconds and little memory for a hundred megabytes", () => {
    const annotation = (id: number) =>
      `{"id": ${id}, "image_id": 1, "category_id": 1, "segmentation": [[${"123.45, 67.8, ".repeat(140)}1, 2]], "area": 5}`;
    const list = Array.from({ length: 5e4 }, (_, id) => annotation(id));
    const bytes = encode(
      `{"images": [{"id": 1, "width": 200, "height": 100}], "annotations": [${list.join(", ")}]}`,
    );
    expect(bytes.length).toBeGreaterThan(1e8);
    const before = process.memoryUsage().rss;
    const start = process.cpuUsage();
    const opened = coco.read("file", bytes);
    expect(regionsOf(opened).length).toBe(5e4);
    const mask = encodeRuns({ width: 200, height: 100, data: new Uint8Array(20_000).fill(1) });
    expect(opened.write([{ region: "annotations/49999", mask }]).bytes.length).toBeLessThan(bytes.length);
    expect(process.memoryUsage().rss - before).toBeLessThan(10 * bytes.length);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6).toBeLessThan(20);
  });
});

describe("a file that no string holds", () => {
  it("is read, and written with one region changed", { timeout: 60_000 }, () => {
    // Three notes of 180 MB: more than 512 MB of text, and quick to read.
    const note = Buffer.alloc(180e6, "x");
    const part = (id: number, before: string): Buffer[] => [
      Buffer.from(`${before}{"id": ${id}, "image_id": 1, "category_id": 1, "note": "`),
      note,
      Buffer.from('", "segmentation": [[1, 0, 3, 0, 3, 2, 1, 2]], "area": 4.0}'),
    ];
    const head = '{"images": [{"id": 1, "width": 6, "height": 4}], "annotations": [';
    const bytes = Buffer.concat([part(1, head), part(2, ", "), part(3, ", "), Buffer.from("]}")].flat());
    expect(bytes.length).toBeGreaterThan(constants.MAX_STRING_LENGTH);
    expect(detectAnnotations("a.json", bytes)).toBe(coco);
    const opened = coco.read("a.json", bytes);
    expect(opened.write([]).bytes).toBe(bytes);
    const mask = encodeRuns(rectangle(6, 4, [2, 1, 4, 2]));
    const written = Buffer.from(opened.write([{ region: "annotations/2", mask }]).bytes.buffer);
    const second = written.indexOf('{"id": 2');
    expect(written.subarray(0, second).equals(bytes.subarray(0, second))).toBe(true);
    const [after, then] = [written, bytes].map((all) => all.subarray(all.indexOf(', {"id": 3')));
    expect(after!.equals(then!)).toBe(true);
    expect(written.subarray(second + 180e6).toString("latin1", 0, 180)).toContain(
      '"segmentation": [[5, 1, 5, 3, 2, 3, 2, 1]], "area": 6}, {"id": 3',
    );
  });
});

function withoutGeometry(annotation: Record<string, unknown>): Record<string, unknown> {
  const { segmentation: _geometry, area: _area, bbox: _box, ...rest } = annotation;
  return rest;
}
