import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectAnnotations } from "../../../../src/formats/annotations/registry.ts";
import { via } from "../../../../src/formats/annotations/via/via.ts";
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
  union,
} from "../corpus.ts";

const size = { width: 8, height: 6 };
const region = (xs: unknown, ys: unknown, attributes: unknown = { name: "cat" }, name = "polygon") => ({
  shape_attributes: { name, all_points_x: xs, all_points_y: ys },
  region_attributes: attributes,
});
const square = region([2, 6, 6, 2], [3, 3, 6, 6]);
const photo = (regions: unknown, more: object = {}) => ({
  filename: "a\\b.jpg",
  size: 123,
  regions,
  file_attributes: {},
  ...more,
});
const text = (regions: unknown) => JSON.stringify({ "b.jpg123": photo(regions) });
const project = (regions: unknown) =>
  JSON.stringify({
    _via_settings: { ui: {} },
    _via_img_metadata: { "b.jpg123": photo(regions) },
    _via_attributes: {},
  });
const read = (file: string) => via.read("a.json", encode(file));
const donut = ascii`
  ........
  .#####..
  .#...#..
  .#...#..
  .#####..
  .......#
`;

describe("VIA annotations", () => {
  it("polygons become pixels, other shapes are skipped, in exports and projects, in lists and objects", () => {
    const circle = { shape_attributes: { name: "circle", cx: 1, cy: 1, r: 1 }, region_attributes: {} };
    for (const regions of [[square, circle], { 0: square, 1: circle }]) {
      for (const file of [text(regions), project(regions)]) {
        const { photos } = read(file);
        expect(photos).toMatchObject([{ id: "b.jpg123", link: "a/b.jpg", size: undefined }]);
        expect(photos[0]!.regions.map(({ id, label, order, skip }) => [id, label, order, skip])).toEqual([
          ["b.jpg123/regions/0", "cat", 0, undefined],
          ["b.jpg123/regions/1", "object", 1, "a circle, not a polygon"],
        ]);
        expect(draw(photos[0]!.regions[0]!.mask(size))).toBe(
          draw(ascii`
            ........
            ........
            ........
            ..####..
            ..####..
            ..####..
          `),
        );
        expect(() => photos[0]!.regions[1]!.mask(size)).toThrow("found a circle, expected a polygon");
      }
    }
  });

  it("the class is the attribute whose name says it, else the first", () => {
    const labelOf = (attributes: unknown) => regionsOf(read(text([region([], [], attributes)])))[0]!.label;
    expect(labelOf({ colour: "red", Type: "dog", class: "cat" })).toBe("cat");
    expect(labelOf({ class: "", colour: "red" })).toBe("red");
    expect(labelOf({ n: 5 })).toBe("5");
    expect(labelOf({ kinds: { cat: true, dog: false, cow: true } })).toBe("cat, cow");
    expect(labelOf({})).toBe("object");
    expect(labelOf([])).toBe("object");
    expect(labelOf(null)).toBe("object");
  });

  it("without changes it is the file itself", () => {
    const bytes = encode(`\ufeff${text([square])}\r\n`);
    const file = via.read("a.json", bytes);
    expect(file.write([]).bytes).toBe(bytes);
    const same = regionsOf(file).map(({ id, mask }) => ({ region: id, mask: runs(mask(size)) }));
    expect(file.write(same).bytes).toBe(bytes);
  });

  it("parts become regions with the same attributes, and that is said", () => {
    const other = region([0, 1, 1], [0, 0, 1]);
    const before = project([square, other]);
    const { text: after, file, notes } = rewrite(via, before, "b.jpg123/regions/0", donut, exact);
    const regions = JSON.parse(after)._via_img_metadata["b.jpg123"].regions;
    expect(regions).toHaveLength(3);
    expect(regions[2]).toEqual(other);
    expect(regions[1]).toEqual(region([8, 8, 7, 7], [5, 6, 6, 5]));
    expect(draw(union(regionsOf(file).slice(0, 2), size))).toBe(draw(donut));
    expect(after.slice(0, before.indexOf("[2,6"))).toBe(before.slice(0, before.indexOf("[2,6")));
    expect(notes).toEqual([
      "file: 1 hole of b.jpg123/regions/0 is joined to the outline by a bridge, for polygons have no holes there",
      "file: parts are a region each, for VIA joins none: b.jpg123/regions/0 (2)",
    ]);
  });

  it("in objects new regions get the next numbers", () => {
    const before = JSON.stringify({ x: photo({ 4: square, 10: square }) }, null, 1);
    const { text: after } = rewrite(via, before, "x/regions/4", donut, exact);
    expect(Object.keys(JSON.parse(after).x.regions)).toEqual(["4", "10", "11"]);
    expect(after).toBe(JSON.stringify(JSON.parse(after), null, 1));
    const only = rewrite(via, text({ 0: square }), "b.jpg123/regions/0", donut).text;
    expect(only).toContain(`,"1":{"shape_attributes"`);
  });

  it("changes that it cannot take are refused, and masks it has none", () => {
    const file = read(text([square, region([], [], {}, "polyline")]));
    const mask = runs(donut);
    expect(() => file.write([{ region: "b.jpg123/regions/2", mask }])).toThrow(RangeError);
    expect(() => file.write([{ region: "b.jpg123/regions/1", mask }])).toThrow("never refined");
    const { notes } = rewrite(via, text([square]), "b.jpg123/regions/0", donut, { geometry: "mask" });
    expect(notes.at(-1)).toBe("file: outlines stay outlines, for VIA has no masks: b.jpg123/regions/0");
  });
});

const version3 = JSON.stringify({
  project: { pid: "__VIA_PROJECT_ID__", data_format_version: "3.1.1" },
  config: {},
  attribute: {},
  file: { 1: { fid: "1", fname: "a.jpg", type: 2, loc: 1, src: "" } },
  view: { 1: { fid_list: ["1"] } },
  metadata: { "1_a": { vid: "1", flg: 0, z: [], xy: [7, 1, 1, 5, 1, 5, 5], av: {} } },
});

describe("broken VIA annotations", () => {
  it("of version 3 are taken for VIA's, so that they can be refused by name", () => {
    expect(detectAnnotations("a.json", encode(version3))).toBe(via);
  });

  it("as a whole are refused in one sentence", () => {
    for (const [file, sentence] of [
      ["{", "found broken JSON"],
      [
        version3,
        "a.json: found a project of VIA 3, expected one of VIA 1 or 2, or the annotations exported as COCO",
      ],
      ["3", "a.json: found 3, expected an object"],
      [`{"_via_img_metadata": []}`, "a.json, _via_img_metadata: found a list, expected an object"],
      [`{"a": null}`, "a.json, a: found null, expected an object"],
      [text("x"), 'a.json, b.jpg123, regions: found "x", expected a list'],
      [text([1]), "a.json, b.jpg123, region 0: found 1, expected an object"],
      [text([{}]), "shape_attributes: found nothing, expected an object"],
      [text([{ shape_attributes: { name: [] } }]), "found a list for its shape"],
      [JSON.stringify({ a: photo([], { filename: {} }) }), "found an object for the photo"],
    ] as const) {
      expect(() => read(file), file).toThrow(sentence);
    }
  });

  it("in one region only fail there", () => {
    const refusal = (xs: unknown, ys: unknown) => () =>
      regionsOf(read(text([square, region(xs, ys)])))[1]!.mask(size);
    expect(refusal([1, 2, 3], [1, 2])).toThrow(
      "a.json, b.jpg123, region 1: found 3 x and 2 y, expected as many of both",
    );
    expect(refusal([1, 2], [1, 2])).toThrow("a polygon of 2 points");
    expect(refusal([1, null, 2], [1, 2, 3])).toThrow("the coordinate null");
    expect(refusal("1", [1])).toThrow('found "1", expected a list');
    expect(refusal(undefined, [])).toThrow("found nothing, expected a list");
    expect(refusal([1e99, 1, 2], [1, 2, 3])).toThrow("near the photo");
  });

  it("never do anything but fail with a sentence", () => {
    const whole = project({ 0: square, 1: region([1, 3, 3.5], [1, 1, 4]) });
    fc.assert(
      fc.property(fc.oneof(damaged(whole), damaged(text([square])), anyBytes), (bytes) =>
        readOrRefuse(via, bytes, size),
      ),
      { numRuns: 1500 },
    );
  });

  it("give a file that can be written, where they can be read", () => {
    const whole = project({ 0: square, 1: region([1, 3, 3.5], [1, 1, 4]) });
    fc.assert(
      fc.property(damaged(whole), (bytes) => rewriteOrRefuse(via, bytes, donut, false)),
      { numRuns: 600 },
    );
  });
});

it("tells VIA's JSON from others'", () => {
  const detected = (file: string) => via.detect("a.json", encode(file));
  expect(detected(text([square]))).toBe(true);
  expect(detected(text({}))).toBe(true);
  expect(detected(project([]))).toBe(true);
  expect(detected(project([square]).slice(0, 200))).toBe(true);
  expect(detected(JSON.stringify({ info: {}, images: [{ filename: 1, regions: 2 }] }))).toBe(false);
  expect(detected(JSON.stringify({ info: { name: "a" }, objects: [] }))).toBe(false);
  expect(detected(JSON.stringify({ imagePath: "a", shapes: [] }))).toBe(false);
  expect(detected("{}")).toBe(false);
  expect(via.detect("a.xml", encode(text([square])))).toBe(false);
});

/** Files of every formatting: indents, lists and objects, exports and projects, unknown keys. */
function corpus() {
  const coordinate = fc.oneof(fc.integer({ min: -5, max: 40 }), fc.double({ min: 0, max: 37, noNaN: true }));
  const points = fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 6 });
  const attributes = fc.constantFrom({}, { name: "a" }, { 'q"': "é", n: 3 }, { ["__proto__"]: "p" });
  const shape = fc
    .record({ points, attributes, last: fc.boolean(), more: fc.jsonValue({ maxDepth: 2 }) })
    .map(({ points: all, attributes: region_attributes, last, more }) => {
      const [all_points_x, all_points_y] = [all.map(([x]) => x), all.map(([, y]) => y)];
      const shape_attributes = last
        ? { all_points_x, all_points_y, name: "polygon" }
        : { name: "polygon", more, all_points_y, all_points_x };
      return last ? { more, shape_attributes, region_attributes } : { region_attributes, shape_attributes };
    });
  return fc
    .record({
      regions: fc.array(fc.array(shape, { maxLength: 4 }), { minLength: 1, maxLength: 3 }),
      isList: fc.boolean(),
      isProject: fc.boolean(),
      indent: fc.constantFrom(undefined, 2, "\t"),
      crlf: fc.boolean(),
    })
    .map(({ regions, isList, isProject, indent, crlf }) => {
      const photos = regions.map(
        (list, i) => [`${i}.jpg`, photo(isList ? list : { ...list }, { "x y": i })] as const,
      );
      const metadata = Object.fromEntries(photos);
      const all = JSON.stringify(
        isProject ? { a: 1, _via_img_metadata: metadata, b: [] } : metadata,
        null,
        indent,
      );
      return crlf ? all.replaceAll("\n", "\r\n") : all;
    });
}

describe("any VIA file", () => {
  it("comes back with one region changed and all others as they were", () => {
    fc.assert(
      fc.property(corpus(), masks({ width: 37, height: 23 }), fc.nat(), (before, mask, pick) => {
        const regions = regionsOf(read(before));
        if (regions.length === 0) return;
        const { id, label } = regions[pick % regions.length]!;
        const { text: after, file } = rewrite(via, before, id, mask, exact);
        const [kept, now] = [before, after].map(shapesOf) as [string[], string[]];
        expect(kept.filter((shape) => !now.includes(shape)).length).toBeLessThanOrEqual(1);
        const fresh = regionsOf(file).filter((_, i) => !kept.includes(now[i]!));
        expect(fresh.every((part) => part.label === label)).toBe(true);
        const parts = fresh.length > 0 ? fresh : regionsOf(file).filter((part) => part.id === id);
        expect(draw(union(parts, mask))).toBe(draw(mask));
        expect(others(after)).toEqual(others(before));
        expect(after.includes("\r\n")).toBe(before.includes("\r\n"));
      }),
      { numRuns: 300 },
    );
  });
});

/** The text of each region. */
function shapesOf(file: string): string[] {
  const root = JSON.parse(file);
  return Object.values<{ regions: object }>(root._via_img_metadata ?? root).flatMap(({ regions }) =>
    Object.values(regions).map((shape) => JSON.stringify(shape)),
  );
}

/** Everything but the regions. */
function others(file: string): unknown {
  return JSON.parse(file, (key, value) => (key === "regions" ? null : value));
}

const real = resolve("../shared/bench/formats/via_balloon/via_region_data.json");
if (!existsSync(real)) console.log(`skipped: ${real} is not there`);

describe.runIf(existsSync(real))("VIA's own file", () => {
  it("comes back the same, but for the regions that changed", () => {
    const bytes = readFileSync(real);
    expect(via.detect(real, bytes)).toBe(true);
    const file = via.read(real, bytes);
    expect(file.photos[0]!.link).toBe("balloon_16335852991.jpg");
    expect(file.write([]).bytes).toBe(bytes);
    const photoSize = { width: 2048, height: 1365 };
    const changes = file.photos.slice(0, 2).map(({ regions }) => {
      const mask = regions[1]!.mask(photoSize);
      mask.data.fill(1, 0, 40);
      return { region: regions[1]!.id, mask };
    });
    const before = bytes.toString();
    const written = file.write(
      changes.map(({ region: id, mask }) => ({ region: id, mask: runs(mask) })),
      exact,
    );
    const after = Buffer.from(written.bytes).toString();
    const again = via.read(real, written.bytes);
    expect(after.endsWith(before.slice(before.indexOf("2917282960_06")))).toBe(true);
    changes.forEach(({ mask }, i) => {
      const { regions } = again.photos[i]!;
      const parts = [regions[1]!, ...regions.slice(file.photos[i]!.regions.length)];
      expect(Buffer.compare(union(parts, photoSize).data, mask.data)).toBe(0);
    });
  });
});
