/** Polygons that no careful tool writes, in every format that has polygons. */
import { describe, expect, it } from "vitest";
import { decodeRuns } from "../../../src/core/run-length.ts";
import type { AnnotationFormat } from "../../../src/formats/annotations/annotation-file.ts";
import { coco } from "../../../src/formats/annotations/coco/coco.ts";
import { cvat } from "../../../src/formats/annotations/cvat/cvat.ts";
import { isat } from "../../../src/formats/annotations/isat/isat.ts";
import { labelme } from "../../../src/formats/annotations/labelme/labelme.ts";
import { via } from "../../../src/formats/annotations/via/via.ts";
import { yoloSeg } from "../../../src/formats/annotations/yolo-seg.ts";
import { rasterizePolygons } from "../../../src/formats/geometry/rasterize-polygon.ts";
import { ascii, draw } from "../../helpers/ascii-mask.ts";
import { encode, exact, regionsOf, runs } from "./corpus.ts";

const size = { width: 20, height: 10 };

type Points = readonly (readonly [x: number, y: number])[];

/** A file of one polygon in each format. */
const formats: readonly (readonly [format: AnnotationFormat, write: (points: Points) => string])[] = [
  [
    coco,
    (points) =>
      JSON.stringify({
        images: [{ id: 1, ...size }],
        annotations: [{ id: 1, image_id: 1, category_id: 1, segmentation: [points.flat()] }],
        categories: [{ id: 1, name: "a" }],
      }),
  ],
  [
    labelme,
    (points) =>
      JSON.stringify({
        shapes: [{ label: "a", points }],
        imagePath: "a.jpg",
        imageWidth: size.width,
        imageHeight: size.height,
      }),
  ],
  [
    via,
    (points) =>
      JSON.stringify({
        a: {
          filename: "a.jpg",
          regions: [
            {
              shape_attributes: {
                name: "polygon",
                all_points_x: points.map(([x]) => x),
                all_points_y: points.map(([, y]) => y),
              },
              region_attributes: {},
            },
          ],
        },
      }),
  ],
  [
    isat,
    (points) =>
      JSON.stringify({
        info: { name: "a.jpg", ...size },
        objects: [{ category: "a", segmentation: points }],
      }),
  ],
  [
    cvat,
    (points) =>
      `<annotations><image name="a.jpg" width="20" height="10"><polygon label="a" points="${points.join(";")}"/></image></annotations>`,
  ],
  [yoloSeg, (points) => `0 ${points.map(([x, y]) => `${x / size.width} ${y / size.height}`).join(" ")}`],
];

const polygons: Record<string, Points> = {
  "that crosses itself": [
    [1, 1],
    [9, 9],
    [9, 1],
    [1, 9],
  ],
  "that touches itself in a point": [
    [1, 1],
    [5, 5],
    [9, 1],
    [9, 9],
    [5, 5],
    [1, 9],
  ],
  "that goes along itself": [
    [1, 1],
    [9, 1],
    [9, 5],
    [15, 5],
    [9, 5],
    [9, 9],
    [1, 9],
  ],
  "that winds twice": [
    [1, 1],
    [9, 1],
    [9, 9],
    [1, 9],
    [1, 1],
    [5, 1],
    [5, 9],
    [1, 9],
  ],
  "partly outside of the photo": [
    [-50, 2],
    [6, 2],
    [6, 4000],
  ],
};

describe.each(formats)("$name", (format, write) => {
  const read = (points: Points) => regionsOf(format.read("file", encode(write(points))))[0]!;

  it.each(Object.entries(polygons))("a polygon %s has the pixels that pycocotools gives it", (_, points) => {
    expect(draw(read(points).mask(size))).toBe(draw(decodeRuns(rasterizePolygons([points.flat()], size))));
  });

  it.each(Object.entries(polygons))("a polygon %s can be replaced", (_, points) => {
    const file = format.read("file", encode(write(points)));
    const mask = ascii`
      ....................
      ....................
      ..#####.............
      ..#...#.............
      ..#####.............
      ....................
      ....................
      ....................
      ....................
      ....................
    `;
    const { bytes } = file.write([{ region: regionsOf(file)[0]!.id, mask: runs(mask) }], exact);
    expect(draw(regionsOf(format.read("file", bytes))[0]!.mask(size))).toBe(draw(mask));
  });

  it("a polygon beside the photo is an error or nothing, never another photo's pixels", () => {
    const region = read([
      [60, 0],
      [70, 0],
      [70, 9],
    ]);
    if (format === coco) expect(() => region.mask(size)).toThrow("polygons without a pixel on the photo");
    else expect(region.mask(size)).toEqual({ ...size, data: new Uint8Array(200) });
  });
});

describe("figures", () => {
  it("are even-odd: what an outline surrounds twice lies outside", () => {
    const twice = decodeRuns(rasterizePolygons([polygons["that winds twice"]!.flat()], size));
    expect(draw(twice).split("\n")[4]).toBe(".....####...........");
    const eight = decodeRuns(rasterizePolygons([polygons["that touches itself in a point"]!.flat()], size));
    expect(draw(eight).split("\n")[4]).toBe(".########...........");
  });
});
