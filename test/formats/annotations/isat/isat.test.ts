import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isat } from "../../../../src/formats/annotations/isat/isat.ts";
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
const box = (x0: number, y0: number, x1: number, y1: number) => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const object = (segmentation: unknown, more: object = {}) => ({
  category: "cat",
  group: 1,
  segmentation,
  area: 12.5,
  layer: 1.0,
  bbox: [2, 3, 6, 6],
  iscrowd: false,
  note: "",
  ...more,
});
const hole = (segmentation: unknown, layer = 2, more: object = {}) =>
  object(segmentation, { category: "__background__", group: 9, layer, ...more });
const file = (objects: unknown, info: object = {}) => ({
  info: {
    description: "ISAT",
    folder: "C:\\x",
    name: "a.jpg",
    width: 8,
    height: 6,
    depth: 3,
    note: "",
    ...info,
  },
  objects,
});
const text = (objects: unknown, info: object = {}) => JSON.stringify(file(objects, info), null, 4);
const read = (all: string) => isat.read("a.json", encode(all));
const objectsOf = (all: string) => JSON.parse(all).objects;
const donut = ascii`
  ........
  .#####..
  .#...#..
  .#...#..
  .#####..
  .......#
`;

describe("ISAT annotations", () => {
  it("polygons become pixels, in the order of their layers", () => {
    const { photos } = read(
      text([
        object(box(2, 3, 6, 6), { layer: 3 }),
        object(box(0, 0, 2, 1), { group: 2 }),
        object([], { group: 3, iscrowd: true }),
      ]),
    );
    expect(photos).toMatchObject([{ link: "a.jpg", size }]);
    const [first, second] = photos[0]!.regions;
    expect(
      photos[0]!.regions.map(({ id, label, instance, order, skip }) => [id, label, instance, order, skip]),
    ).toEqual([
      ["objects/0", "cat", "1", 2, undefined],
      ["objects/1", "cat", "2", 0, undefined],
      ["objects/2", "cat", "3", 1, "a crowd"],
    ]);
    expect(draw(second!.mask(size)).split("\n")[0]).toBe("##......");
    expect(draw(first!.mask(size)).split("\n")[3]).toBe("..####..");
  });

  it("a group joins the parts of one category; groups 0 and none join nothing", () => {
    const objects = [
      object(box(0, 0, 2, 1)),
      object(box(3, 0, 4, 1), { category: "dog" }),
      object(box(5, 0, 6, 1)),
      object(box(0, 3, 2, 4), { group: 0 }),
      object(box(3, 3, 4, 4), { group: 0 }),
      object(box(5, 3, 6, 4), { group: null }),
    ];
    const regions = regionsOf(read(text(objects)));
    expect(regions.map(({ id, instance }) => [id, instance])).toEqual([
      ["objects/0", "1"],
      ["objects/1", "1"],
      ["objects/3", undefined],
      ["objects/4", undefined],
      ["objects/5", undefined],
    ]);
    expect(draw(regions[0]!.mask(size)).split("\n")[0]).toBe("##...#..");
  });

  it("background above cuts holes, background below does not", () => {
    const objects = [
      object(box(1, 1, 6, 5), { layer: 2 }),
      hole(box(2, 2, 4, 4), 3),
      hole(box(4, 2, 5, 4), 1),
      hole(box(5, 1, 6, 2), 2),
    ];
    const [region, ...grounds] = regionsOf(read(text(objects)));
    expect(draw(region!.mask(size))).toBe(
      draw(ascii`
        ........
        .####...
        .#..##..
        .#..##..
        .#####..
        ........
      `),
    );
    expect(grounds.map(({ skip }) => skip)).toEqual(
      Array(3).fill("background that cuts holes into what lies below"),
    );
  });

  it("without changes it is the file itself", () => {
    const bytes = encode(`\ufeff${text([object(box(1, 1, 6, 5)), hole(box(2, 2, 4, 4))])}`);
    const all = isat.read("a.json", bytes);
    expect(all.write([]).bytes).toBe(bytes);
    const [region] = regionsOf(all);
    expect(all.write([{ region: region!.id, mask: runs(region!.mask(size)) }]).bytes).toBe(bytes);
  });

  it("holes become background in between, parts a group; areas and boxes are computed", () => {
    const mine = object(box(2, 3, 6, 6), { group: 0, note: "mine", "x-y": [1] });
    const other = object(box(0, 0, 1, 1), { group: 4, layer: 2 });
    const before = text([mine, other]);
    const { text: after, file: again, notes } = rewrite(isat, before, "objects/0", donut, exact);
    expect(objectsOf(after)).toEqual([
      { ...mine, group: 5, segmentation: expect.anything(), area: 20, bbox: [1, 1, 6, 5] },
      {
        ...mine,
        category: "__background__",
        group: 5,
        layer: 1.5,
        segmentation: expect.anything(),
        area: 6,
        bbox: [2, 2, 5, 4],
      },
      { ...mine, group: 5, segmentation: expect.anything(), area: 1, bbox: [7, 5, 8, 6] },
      other,
    ]);
    expect(draw(regionsOf(again)[0]!.mask(size))).toBe(draw(donut));
    expect(after).toBe(JSON.stringify(JSON.parse(after), null, 4));
    expect(notes).toEqual(["file: new groups join the parts of objects/0 (2, group 5)"]);
  });

  it("a hole in which something lies is bridged", () => {
    const inside = object(box(3, 2, 4, 3), { group: 2, layer: 1 });
    const {
      text: after,
      file: again,
      notes,
    } = rewrite(isat, text([object(box(2, 3, 6, 6)), inside]), "objects/0", donut);
    expect(objectsOf(after)).toHaveLength(3);
    expect(draw(regionsOf(again)[0]!.mask(size))).toBe(draw(donut));
    expect(draw(regionsOf(again)[1]!.mask(size))).toContain("...#....");
    expect(notes).toEqual([
      "file: 1 hole of objects/0 is joined to the outline by a bridge, for polygons have no holes there",
    ]);
  });

  it("background that cut only into what changed goes", () => {
    const full = ascii`
      ........
      .#####..
      .#####..
      .#####..
      .#####..
      ........
    `;
    const before = text([object(box(1, 1, 6, 5)), hole(box(2, 2, 4, 4))]);
    const { text: after, file: again } = rewrite(isat, before, "objects/0", full);
    expect(objectsOf(after)).toHaveLength(1);
    expect(draw(regionsOf(again)[0]!.mask(size))).toBe(draw(full));
  });

  it("background that others need stays, and what changed is raised above it", () => {
    const objects = [
      object(box(1, 1, 6, 5)),
      object(box(1, 1, 6, 5), { group: 2 }),
      hole(box(2, 2, 4, 4), 7),
    ];
    const full = ascii`
      ........
      .######.
      .######.
      .######.
      .######.
      ........
    `;
    const { text: after, file: again, notes } = rewrite(isat, text(objects), "objects/0", full);
    expect(objectsOf(after).map(({ layer }: { layer: number }) => layer)).toEqual([7.5, 1, 7]);
    expect(draw(regionsOf(again)[0]!.mask(size))).toBe(draw(full));
    expect(draw(regionsOf(again)[1]!.mask(size)).split("\n")[2]).toBe(".#..##..");
    expect(notes).toEqual(["file: raised above background that would cut them: objects/0 (layer 7.5)"]);
  });

  it("parts that grow together leave one object", () => {
    const objects = [object(box(0, 0, 1, 1), { note: "a" }), object(box(4, 0, 6, 2), { note: "b" })];
    const grown = ascii`
      ...#####
      ...#####
      ........
      ........
      ........
      ........
    `;
    const after = objectsOf(rewrite(isat, text(objects), "objects/0", grown).text);
    expect(after).toMatchObject([{ note: "b", area: 10, bbox: [3, 0, 8, 2] }]);
  });

  it("changes that it cannot take are refused, and masks it has none", () => {
    const all = read(text([object(box(2, 3, 6, 6)), hole(box(2, 2, 4, 4))]));
    const mask = runs(donut);
    expect(() => all.write([{ region: "objects/2", mask }])).toThrow(RangeError);
    expect(() => all.write([{ region: "objects/1", mask }])).toThrow("never refined");
    const { notes } = rewrite(isat, text([object(box(2, 3, 6, 6))]), "objects/0", donut, {
      geometry: "mask",
    });
    expect(notes.at(-1)).toBe("file: outlines stay outlines, for ISAT has no masks: objects/0");
  });
});

describe("broken ISAT annotations", () => {
  it("as a whole are refused in one sentence", () => {
    for (const [all, sentence] of [
      ["{", "found broken JSON"],
      ["[]", "a.json: found a list, expected an object"],
      [`{"objects": []}`, "a.json, info: found nothing, expected an object"],
      [text({}), "a.json, objects: found an object, expected a list"],
      [text([null]), "a.json, object 1: found null, expected an object"],
      [text([object([], { category: null })]), "found null for its class"],
      [text([object([], { layer: "2" })]), 'found "2" for its layer'],
      [text([object([], { group: {} })]), "found an object for its group"],
      [text([], { name: 4 }), "found 4 for the photo"],
      [text([], { width: -8 }), "found a size of -8 by 6"],
    ] as const) {
      expect(() => read(all), all).toThrow(sentence);
    }
  });

  it("in one object only fail there", () => {
    const refusal =
      (segmentation: unknown, more: object = {}) =>
      () =>
        regionsOf(
          read(text([object(box(0, 0, 1, 1)), object(segmentation, { group: 2, ...more })])),
        )[1]!.mask(size);
    expect(refusal([[1, 2]])).toThrow("a.json, object 2: found a polygon of 1 points, expected at least 3");
    expect(refusal(null)).toThrow("found null, expected a list");
    expect(refusal([1, 2, 3, 4, 5, 6])).toThrow("found the point 1, expected a pair of numbers");
    expect(
      refusal([
        [1, "2"],
        [1, 2],
        [3, 4],
      ]),
    ).toThrow('the coordinate "2"');
    expect(refusal(box(0, 0, 1, 1), { shape_type: "point" })).toThrow('found a "point", expected a polygon');
    expect(() => regionsOf(read(text([object(box(0, 0, 1, 1))])))[0]!.mask({ width: 6, height: 8 })).toThrow(
      "6×8",
    );
  });

  it("never do anything but fail with a sentence", () => {
    const whole = text([
      object(box(1, 1, 6, 5)),
      hole(box(2, 2, 4, 4)),
      object([
        [0, 0],
        [3, 0.5],
        [2, 2],
      ]),
    ]);
    fc.assert(
      fc.property(fc.oneof(damaged(whole), anyBytes), (bytes) => readOrRefuse(isat, bytes, size)),
      { numRuns: 1500 },
    );
  });

  it("give a file that can be written, where they can be read", () => {
    const whole = text([
      object(box(1, 1, 6, 5)),
      hole(box(2, 2, 4, 4)),
      object([
        [0, 0],
        [3, 0.5],
        [2, 2],
      ]),
    ]);
    fc.assert(
      fc.property(damaged(whole), (bytes) => rewriteOrRefuse(isat, bytes, donut, true)),
      { numRuns: 600 },
    );
  });
});

it("tells ISAT's JSON from others'", () => {
  const detected = (all: string) => isat.detect("a.json", encode(all));
  expect(detected(text([object([])]))).toBe(true);
  expect(detected(text([]))).toBe(true);
  expect(detected(text([object([])]).slice(0, -30))).toBe(true);
  expect(detected(JSON.stringify({ info: { name: "a" }, images: [], annotations: [] }))).toBe(false);
  expect(detected(JSON.stringify({ imagePath: "a", shapes: [] }))).toBe(false);
  expect(detected(JSON.stringify({ a: { filename: "b", regions: [] } }))).toBe(false);
  expect(detected(JSON.stringify({ info: {}, objects: [{ bbox: [] }] }))).toBe(false);
  expect(isat.detect("a.yaml", encode(text([])))).toBe(false);
});

/** Files of every formatting, with groups, layers and background. */
function corpus() {
  const coordinate = fc.oneof(fc.integer({ min: -5, max: 40 }), fc.double({ min: 0, max: 37, noNaN: true }));
  const points = fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 6 });
  const more = fc.record(
    {
      category: fc.constantFrom("a", 'b "c"', "__background__"),
      group: fc.constantFrom(0, 1, 2, ""),
      layer: fc.constantFrom(1, 2, 2.5),
      area: fc.constant(0),
      bbox: fc.constantFrom([], [1, 2, 3, 4]),
      other: fc.jsonValue({ maxDepth: 2 }),
    },
    { requiredKeys: ["category"] },
  );
  const any = fc
    .tuple(points, more, fc.boolean())
    .map(([segmentation, rest, first]) => (first ? { segmentation, ...rest } : { ...rest, segmentation }));
  return fc
    .record({
      objects: fc.array(any, { minLength: 1, maxLength: 6 }),
      indent: fc.constantFrom(undefined, 2, 4, "\t"),
      crlf: fc.boolean(),
      first: fc.boolean(),
    })
    .map(({ objects, indent, crlf, first }) => {
      const info = { name: "a", width: 37, height: 23 };
      const all = JSON.stringify(first ? { objects, info, x: [] } : { x: 1, info, objects }, null, indent);
      return crlf ? all.replaceAll("\n", "\r\n") : all;
    });
}

describe("any ISAT file", () => {
  it("comes back with one region changed, and no pixel of another", () => {
    fc.assert(
      fc.property(corpus(), masks({ width: 37, height: 23 }), fc.nat(), (before, mask, pick) => {
        const regions = regionsOf(read(before)).filter(({ skip }) => skip === undefined);
        if (regions.length === 0) return;
        const changed = regions[pick % regions.length]!;
        const { text: after, file: again } = rewrite(isat, before, changed.id, mask, exact);
        const now = regionsOf(again).filter(({ skip }) => skip === undefined);
        expect(now).toHaveLength(regions.length);
        const drawn = (region: (typeof now)[number]) => `${region.label}\n${draw(region.mask(mask))}`;
        const wanted = regions.map((region) =>
          region === changed ? `${region.label}\n${draw(mask)}` : drawn(region),
        );
        expect(now.map(drawn).sort()).toEqual(wanted.sort());
        expect({ ...JSON.parse(after), objects: [] }).toEqual({ ...JSON.parse(before), objects: [] });
        expect(after.includes("\r\n")).toBe(before.includes("\r\n"));
      }),
      { numRuns: 300 },
    );
  });
});
