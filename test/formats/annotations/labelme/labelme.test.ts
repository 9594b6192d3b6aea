import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Mask } from "../../../../src/core/mask.ts";
import { labelme } from "../../../../src/formats/annotations/labelme/labelme.ts";
import { encodeBinaryPNG } from "../../../../src/formats/encode-mask.ts";
import { ascii, draw } from "../../../helpers/ascii-mask.ts";
import {
  anyBytes,
  damaged,
  encode,
  exact,
  masks,
  readOrRefuse,
  regionsOf,
  rewrite,
  rewriteOrRefuse,
  runs,
} from "../corpus.ts";

const size = { width: 8, height: 6 };
const base64 = (mask: Mask) => Buffer.from(encodeBinaryPNG(mask)).toString("base64");
const polygon = (points: number[][], more: object = {}) => ({
  label: "cat",
  points,
  group_id: null,
  shape_type: "polygon",
  flags: {},
  ...more,
});
const square = polygon([
  [2, 3],
  [6, 3],
  [6, 6],
  [2, 6],
]);
const corner = (x: number, y: number) => [
  [x, y],
  [x + 2, y],
  [x + 2, y + 2],
  [x, y + 2],
];
const donut = ascii`
  ........
  .#####..
  .#...#..
  .#...#..
  .#####..
  .......#
`;
const stored = {
  label: "cat",
  points: [
    [1, 1],
    [3, 2],
  ],
  shape_type: "mask",
  mask: base64(ascii`
    #.#
    ###
  `),
};
const labelFile = (shapes: unknown, more: object = {}) => ({
  version: "5.2.1",
  flags: {},
  shapes,
  imagePath: "..\\photos\\a.jpg",
  imageData: null,
  imageHeight: 6,
  imageWidth: 8,
  ...more,
});
const text = (shapes: unknown, more: object = {}) => JSON.stringify(labelFile(shapes, more), null, 2);
const read = (file: string) => labelme.read("a.json", encode(file));

describe("labelme files", () => {
  it("polygons and masks become pixels, other shapes are skipped", () => {
    const box = { label: 3, points: [], shape_type: "rectangle" };
    const { photos } = read(text([square, stored, box]));
    expect(photos).toMatchObject([{ link: "../photos/a.jpg", size }]);
    const [first, second, third] = photos[0]!.regions;
    expect(photos[0]!.regions.map(({ id, label, order, skip }) => [id, label, order, skip])).toEqual([
      ["shapes/0", "cat", 0, undefined],
      ["shapes/1", "cat", 1, undefined],
      ["shapes/2", "3", 2, "a rectangle, not a polygon or a mask"],
    ]);
    expect(draw(first!.mask(size))).toBe(
      draw(ascii`
        ........
        ........
        ........
        ..####..
        ..####..
        ..####..
      `),
    );
    expect(draw(second!.mask(size))).toBe(
      draw(ascii`
        ........
        .#.#....
        .###....
        ........
        ........
        ........
      `),
    );
    expect(() => third!.mask(size)).toThrow("found a rectangle, expected a polygon or a mask");
  });

  it("shapes of one label and group are one region", () => {
    const shapes = [
      polygon(corner(0, 0), { group_id: 0 }),
      polygon(corner(4, 0), { group_id: 0, label: "dog" }),
      { ...stored, group_id: 0 },
      polygon(corner(4, 4)),
      { label: "cat", points: [[1, 1]], shape_type: "point", group_id: 0 },
    ];
    const regions = regionsOf(read(text(shapes)));
    expect(regions.map(({ id, instance }) => [id, instance])).toEqual([
      ["shapes/0", "0"],
      ["shapes/1", "0"],
      ["shapes/3", undefined],
      ["shapes/4", "0"],
    ]);
    expect(draw(regions[0]!.mask(size)).split("\n").slice(0, 3)).toEqual([
      "##......",
      "##.#....",
      ".###....",
    ]);
  });

  it("a file without a size takes the photo's, and no type is a polygon", () => {
    const { photos } = read(
      JSON.stringify({ shapes: [{ label: "a", points: corner(0, 0) }], imagePath: null }),
    );
    expect(photos).toMatchObject([{ link: undefined, size: undefined }]);
    expect(draw(photos[0]!.regions[0]!.mask({ width: 3, height: 2 }))).toBe("##.\n##.");
  });

  it("without changes it is the file itself", () => {
    const bytes = encode(`\ufeff${text([square, stored]).replaceAll("\n", "\r\n")}`);
    const file = labelme.read("a.json", bytes);
    expect(file.write([]).bytes).toBe(bytes);
    const same = regionsOf(file).map((region) => ({ region: region.id, mask: runs(region.mask(size)) }));
    expect(file.write(same, { geometry: "mask" }).bytes).toBe(bytes);
  });

  it("a polygon that falls apart becomes a group, and keeps its own keys", () => {
    const other = polygon(corner(0, 0), { group_id: 7 });
    const mine = { ...square, flags: { hard: true }, "x-note": [1, { a: null }] };
    const before = text([mine, other], { imageData: "/9j/4AAQ" });
    const { text: after, file, notes } = rewrite(labelme, before, "shapes/0", donut, exact);
    const { shapes, ...rest } = JSON.parse(after);
    const { shapes: _, ...restBefore } = JSON.parse(before);
    expect(rest).toEqual(restBefore);
    expect(shapes).toHaveLength(3);
    expect(shapes[2]).toEqual(other);
    for (const shape of shapes.slice(0, 2)) {
      expect({ ...shape, points: [] }).toEqual({ ...mine, points: [], group_id: 8 });
    }
    expect(draw(regionsOf(file)[0]!.mask(size))).toBe(draw(donut));
    expect(notes).toEqual([
      "file: 1 hole of shapes/0 is joined to the outline by a bridge, for polygons have no holes there",
      "file: new groups join the parts of shapes/0 (2, group 8)",
    ]);
  });

  it("written text looks like the text around it", () => {
    const written = (indent: number | undefined) => {
      const before = JSON.stringify(labelFile([square]), null, indent);
      return rewrite(labelme, before, "shapes/0", donut, exact).text;
    };
    for (const indent of [undefined, 1, 2, 4]) {
      expect(written(indent)).toBe(JSON.stringify(JSON.parse(written(indent)), null, indent));
    }
  });

  it("parts that grow together leave one shape, the one they overlap most", () => {
    const parts = [
      polygon(
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ],
        { group_id: 2, flags: { a: true } },
      ),
      polygon(corner(4, 0), { group_id: 2, flags: { b: true } }),
    ];
    const grown = ascii`
      ...#####
      ...#####
      ........
      ........
      ........
      ........
    `;
    const after = rewrite(labelme, text(parts), "shapes/0", grown).text;
    expect(after).toBe(
      text([
        {
          ...parts[1],
          points: [
            [8, 0],
            [8, 2],
            [3, 2],
            [3, 0],
          ],
        },
      ]),
    );
  });

  it("masks stay masks, and polygons become masks on request, and back", () => {
    const dot = ascii`
      ........
      ..##....
      ..#.....
      ........
      ........
      ........
    `;
    const before = text([square, stored]);
    const shapesOf = (file: string) => JSON.parse(file).shapes;
    const same = rewrite(labelme, before, "shapes/1", dot);
    expect(shapesOf(same.text)[0]).toEqual(square);
    expect({ ...shapesOf(same.text)[1], mask: "" }).toEqual({
      ...stored,
      points: [
        [2, 1],
        [3, 2],
      ],
      mask: "",
    });
    expect(draw(regionsOf(same.file)[1]!.mask(size))).toBe(draw(dot));
    const asMask = rewrite(labelme, before, "shapes/0", donut, { geometry: "mask" });
    expect(shapesOf(asMask.text)[0]).toMatchObject({
      shape_type: "mask",
      points: [
        [1, 1],
        [7, 5],
      ],
      group_id: null,
    });
    expect(draw(regionsOf(asMask.file)[0]!.mask(size))).toBe(draw(donut));
    expect(asMask.notes).toEqual([]);
    const asPolygon = rewrite(labelme, before, "shapes/1", dot, { ...exact, geometry: "polygon" });
    expect(shapesOf(asPolygon.text)[1]).toMatchObject({ shape_type: "polygon", mask: null });
    expect(draw(regionsOf(asPolygon.file)[1]!.mask(size))).toBe(draw(dot));
  });

  it("outlines leave out corners unless they must be exact", () => {
    const photo = { width: 60, height: 50 };
    const data = Uint8Array.from({ length: 3000 }, (_, i) =>
      Number(((i % 60) - 30) ** 2 + (Math.floor(i / 60) - 25) ** 2 < 400),
    );
    const disc = { ...photo, data };
    const before = text([square], { imageWidth: 60, imageHeight: 50 });
    const drawn = (tolerance?: number) => {
      const how = tolerance === undefined ? {} : { tolerance };
      const { text: after, file } = rewrite(labelme, before, "shapes/0", disc, how);
      const { points } = JSON.parse(after).shapes[0];
      const off = regionsOf(file)[0]!
        .mask(photo)
        .data.filter((value, i) => value !== data[i]).length;
      return { points: points.length, off };
    };
    expect(drawn(0).off).toBe(0);
    expect(drawn().off).toBeLessThan(40);
    expect(drawn().points).toBeLessThan(drawn(0).points);
    expect(drawn(3).points).toBeLessThan(drawn().points);
  });

  it("changes that it cannot take are refused", () => {
    const file = read(text([square, { label: "a", shape_type: "line" }]));
    const mask = runs(donut);
    expect(() => file.write([{ region: "shapes/2", mask }])).toThrow(RangeError);
    expect(() => file.write([{ region: "shapes/1", mask }])).toThrow("never refined");
    const empty = { ...size, counts: Uint32Array.of(48) };
    expect(() => file.write([{ region: "shapes/0", mask: empty }])).toThrow("empty");
  });
});

describe("broken labelme files", () => {
  it("as a whole are refused in one sentence", () => {
    for (const [file, sentence] of [
      ["{", /^a\.json: found broken JSON \(.*\), expected a whole JSON file$/],
      ["[]", "a.json: found a list, expected an object"],
      [text({}), "a.json, shapes: found an object, expected a list"],
      [text([null]), "a.json, shape 1: found null, expected an object"],
      [text([{ points: [] }]), "a.json, shape 1: found nothing for its class, expected a name"],
      [text([{ label: "a", shape_type: 1 }]), "found 1 for its type"],
      [text([{ label: "a", group_id: [] }]), "found a list for its group"],
      [text([], { imagePath: 5 }), "found 5 for the photo"],
      [text([], { imageWidth: "8" }), 'found a size of "8" by 6'],
      [text([], { imageHeight: 0.5 }), "found a size of 8 by 0.5"],
    ] as const) {
      expect(() => read(file), file).toThrow(sentence);
    }
  });

  it("in one shape only fail there", () => {
    const refusal = (shape: object) => () => regionsOf(read(text([square, shape])))[1]!.mask(size);
    const mask = (more: object) => refusal({ ...stored, ...more });
    expect(refusal(polygon([[1, 2]]))).toThrow(
      "a.json, shape 2: found a polygon of 1 points, expected at least 3",
    );
    expect(refusal({ label: "a" })).toThrow("found nothing, expected a list");
    expect(refusal(polygon([[1, 2], [3], [4, 5]] as number[][]))).toThrow("found the point a list");
    expect(
      refusal(
        polygon([
          [1, 2],
          [Number.NaN, 4],
          [4, 5],
        ]),
      ),
    ).toThrow("found the coordinate null");
    expect(mask({ mask: "AAAA" })).toThrow('a mask that starts with "AAAA"');
    expect(mask({ mask: null })).toThrow("expected a PNG in base64");
    expect(
      mask({
        points: [
          [1, 1],
          [4, 2],
        ],
      }),
    ).toThrow("found a mask of 3×2, expected its box's 4×2");
    expect(
      mask({
        points: [
          [6, 1],
          [8, 2],
        ],
      }),
    ).toThrow("expected one on the photo of 8×6");
    expect(mask({ points: "x" })).toThrow('"x" for the points of a mask');
    expect(mask({ mask: hugePNG() })).toThrow("found a picture of 60000 x 60000 pixels");
  });

  it("refuse a photo of another size", () => {
    expect(() => regionsOf(read(text([square])))[0]!.mask({ width: 6, height: 8 })).toThrow(
      "the photo's 6×8",
    );
  });

  it("never do anything but fail with a sentence", () => {
    const whole = text([square, stored, polygon(corner(1, 1), { group_id: 2 })]);
    fc.assert(
      fc.property(fc.oneof(damaged(whole), anyBytes), (bytes) => readOrRefuse(labelme, bytes, size)),
      { numRuns: 1500 },
    );
  });

  it("give a file that can be written, where they can be read", () => {
    const whole = text([square, stored, polygon(corner(1, 1), { group_id: 2 })]);
    fc.assert(
      fc.property(damaged(whole), (bytes) => rewriteOrRefuse(labelme, bytes, donut, true)),
      { numRuns: 600 },
    );
  });

  it("keys that objects inherit are only keys", () => {
    const file = text([square]).replace('"flags": {}', '"__proto__": {"label": "x"}, "constructor": 1');
    const { text: after } = rewrite(labelme, file, "shapes/0", donut);
    expect(after).toContain('"__proto__": {"label": "x"}, "constructor": 1');
    const nothing = `{"shapes": [{"__proto__": {"label": "x"}}], "imagePath": "a.jpg"}`;
    expect(() => read(nothing)).toThrow("nothing for its class");
  });
});

/** A PNG that says it is very large. */
function hugePNG(): string {
  const png = Buffer.from(stored.mask, "base64");
  png.writeUInt32BE(60_000, 16);
  png.writeUInt32BE(60_000, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png.toString("base64");
}

it("tells labelme's JSON from others'", () => {
  const detected = (file: string) => labelme.detect("a.json", encode(file));
  expect(detected(text([square]))).toBe(true);
  expect(detected(`\ufeff ${text([])}`)).toBe(true);
  expect(detected(text([square]).slice(0, 200))).toBe(true);
  expect(detected(`{"shapes": [{"x": 1}]}`)).toBe(false);
  expect(detected(JSON.stringify({ imageData: "x".repeat(1000), imagePath: "a", shapes: [] }))).toBe(true);
  expect(detected(JSON.stringify({ info: {}, images: [], annotations: [] }))).toBe(false);
  expect(detected(JSON.stringify({ info: { name: "a" }, objects: [] }))).toBe(false);
  expect(detected(JSON.stringify({ a: { filename: "b", regions: [] } }))).toBe(false);
  expect(detected(JSON.stringify({ shapes: [{ imagePath: 1 }] }))).toBe(false);
  expect(detected("")).toBe(false);
  expect(labelme.detect("a.txt", encode(text([square])))).toBe(false);
});

/** Files of every formatting: indents, orders of keys, line ends, unknown keys. */
function corpus() {
  const coordinate = fc.oneof(fc.integer({ min: -5, max: 40 }), fc.double({ min: 0, max: 37, noNaN: true }));
  const points = fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 6 });
  const geometry = fc.oneof(
    points.map((all) => ({ points: all, shape_type: "polygon" })),
    points.map((all) => ({ points: all })),
    fc.constant({ points: stored.points, shape_type: "mask", mask: stored.mask }),
  );
  const more = fc.record(
    {
      label: fc.constantFrom("a", 'b "c" \\', "é\u2028"),
      group_id: fc.constantFrom(null, 4),
      flags: fc.constant({}),
      other: fc.jsonValue({ maxDepth: 2 }),
    },
    { requiredKeys: ["label"] },
  );
  const shape = fc
    .tuple(geometry, more, fc.boolean())
    .map(([a, b, first]) => (first ? { ...a, ...b } : { ...b, ...a }));
  return fc
    .record({
      shapes: fc.array(shape, { minLength: 1, maxLength: 5 }),
      indent: fc.constantFrom(undefined, 1, 2, 4, "\t"),
      crlf: fc.boolean(),
      bom: fc.constantFrom("", "\ufeff"),
      before: fc.boolean(),
    })
    .map(({ shapes, indent, crlf, bom, before }) => {
      const rest = { imagePath: "a", imageWidth: 37, imageHeight: 23, imageData: null };
      const all = JSON.stringify(before ? { shapes, ...rest } : { ...rest, shapes }, null, indent);
      return bom + (crlf ? all.replaceAll("\n", "\r\n") : all);
    });
}

describe("any labelme file", () => {
  it("comes back with one region changed and all others as they were", () => {
    const geometry = fc.constantFrom("same" as const, "mask" as const, "polygon" as const);
    fc.assert(
      fc.property(
        corpus(),
        masks({ width: 37, height: 23 }),
        fc.nat(),
        geometry,
        (before, mask, pick, how) => {
          const regions = regionsOf(read(before));
          const { id, label, instance } = regions[pick % regions.length]!;
          const { text: after, file } = rewrite(labelme, before, id, mask, { ...exact, geometry: how });
          const now = regionsOf(file);
          expect(now).toHaveLength(regions.length);
          const same = now.filter((region) => region.label === label);
          expect(same.map((region) => draw(region.mask(mask)))).toContain(draw(mask));
          expect(others(after, label, instance)).toEqual(others(before, label, instance));
          expect(after.includes("\r\n")).toBe(before.includes("\r\n"));
          expect(after.replaceAll("\r\n", "").includes("\n")).toBe(
            before.replaceAll("\r\n", "").includes("\n"),
          );
        },
      ),
      { numRuns: 400 },
    );
  });
});

/** All that does not belong to regions of a label, as text. */
function others(file: string, label: string, instance: string | undefined): unknown {
  const { shapes, ...rest } = JSON.parse(file.replace("\ufeff", ""));
  const kept = shapes.filter((shape: { label: string }) => shape.label !== label);
  return { rest, kept, instance };
}

const folders = ["labelme_grapes", "2label_labelme"].map((name) => resolve("../shared/bench/formats", name));
for (const folder of folders) {
  if (!existsSync(folder)) console.log(`skipped: ${folder} is not there`);
  describe.runIf(existsSync(folder))(`labelme's own files in ${folder}`, () => {
    it("come back the same, but for the one region that changed", () => {
      for (const name of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
        const bytes = readFileSync(resolve(folder, name));
        expect(labelme.detect(name, bytes), name).toBe(true);
        const file = labelme.read(name, bytes);
        expect(file.write([]).bytes).toBe(bytes);
        const [photo] = file.photos;
        expect(existsSync(resolve(folder, photo!.link!)), name).toBe(true);
        const region = photo!.regions.find(({ skip }) => skip === undefined);
        if (region === undefined) continue;
        const mask = region.mask(photo!.size!);
        mask.data.fill(1, 0, 40);
        const before = bytes.toString();
        const { text: after, file: again } = rewrite(labelme, before, region.id, mask, exact);
        const changed = again.photos[0]!.regions.find(({ id }) => id === region.id)!;
        expect(Buffer.compare(changed.mask(mask).data, mask.data), name).toBe(0);
        const start = before.indexOf(`"points"`);
        expect(after.slice(0, start)).toBe(before.slice(0, start));
        const end = before.slice(before.indexOf(`"imagePath"`));
        expect(after.endsWith(end), name).toBe(true);
        expect(JSON.parse(after).shapes.slice(-1)[0].label).toBe(
          JSON.parse(before).shapes.slice(-1)[0].label,
        );
      }
    });
  });
}
