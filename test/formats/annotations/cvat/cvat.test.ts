import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cvat } from "../../../../src/formats/annotations/cvat/cvat.ts";
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
const image = (shapes: string) =>
  `<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n` +
  `  <image id="0" name="sub\\a.jpg" width="8" height="6">\n${shapes}  </image>\n</annotations>\n`;
const polygon = (points: string, more = "") =>
  `    <polygon label="cat" source="manual" points="${points}"${more}>\n    </polygon>\n`;
const square = polygon("2.00,3.00;6.00,3.00;6.00,6.00;2.00,6.00", ' z_order="0"');
const donut = ascii`
  ........
  .#####..
  .#...#..
  .#...#..
  .#####..
  .......#
`;
const donutRuns = `<mask label="cat" rle="0, 5, 2, 1, 3, 1, 2, 1, 3, 1, 2, 5, 8, 1" left="1" top="1" width="7" height="5" z_order="2"/>`;

const read = (text: string) => cvat.read("a.xml", encode(text));

describe("CVAT annotations", () => {
  it("polygons and masks become pixels, other shapes are skipped", () => {
    const box = `<box label="dog" xtl="1" ytl="1" xbr="2" ybr="2"/>`;
    const { photos } = read(image(`${square}${donutRuns}${box}<tag label="day"/>`));
    expect(photos).toMatchObject([{ id: "images/0", link: "sub/a.jpg", size }]);
    const [first, second, third] = photos[0]!.regions;
    expect(photos[0]!.regions.map(({ id, label, order, skip }) => [id, label, order, skip])).toEqual([
      ["images/0/shapes/0", "cat", 0, undefined],
      ["images/0/shapes/1", "cat", 2, undefined],
      ["images/0/shapes/2", "dog", 1, "a box, not a polygon or a mask"],
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
    expect(draw(second!.mask(size))).toBe(draw(donut));
    expect(() => third!.mask(size)).toThrow("found a box, expected a polygon or a mask");
  });

  it("shapes of one label and group are one region", () => {
    const shapes =
      polygon("0,0;2,0;2,2;0,2", ' group_id="3"') +
      `<polygon label="dog" points="0,0;1,0;1,1" group_id="3"/>` +
      polygon("4,0;6,0;6,2;4,2", ' group_id="3"') +
      polygon("4,4;6,4;6,6;4,6", ' group_id="0"');
    const regions = regionsOf(read(image(shapes)));
    expect(regions.map(({ id, instance }) => [id, instance])).toEqual([
      ["images/0/shapes/0", "3"],
      ["images/0/shapes/1", "3"],
      ["images/0/shapes/3", undefined],
    ]);
    expect(draw(regions[0]!.mask(size)).split("\n")[0]).toBe("##..##..");
  });

  it("without changes it is the file itself", () => {
    const bytes = encode(`\ufeff${image(square + donutRuns).replaceAll("\n", "\r\n")}`);
    const file = cvat.read("a.xml", bytes);
    expect(file.write([]).bytes).toBe(bytes);
    const same = regionsOf(file).map((region) => ({ region: region.id, mask: runs(region.mask(size)) }));
    expect(file.write(same, { geometry: "mask" }).bytes).toBe(bytes);
  });

  it("a polygon that falls apart becomes a group", () => {
    const { text, file, notes } = rewrite(
      cvat,
      image(`    <!-- one -->\n${square}`),
      "images/0/shapes/0",
      donut,
      exact,
    );
    expect(text.split("<!-- one -->")[1]!.replaceAll(/points="[^"]*"/g, "POINTS")).toBe(`
    <polygon label="cat" source="manual" POINTS group_id="1" z_order="0">
    </polygon>
    <polygon label="cat" source="manual" POINTS group_id="1" z_order="0">
    </polygon>
  </image>
</annotations>
`);
    expect(regionsOf(file)).toHaveLength(1);
    expect(draw(regionsOf(file)[0]!.mask(size))).toBe(draw(donut));
    expect(notes).toEqual([
      "file: 1 hole of images/0/shapes/0 is joined to the outline by a bridge, for polygons have no holes there",
      "file: new groups join the parts of images/0/shapes/0 (2, group 1)",
    ]);
  });

  it("parts that grow together leave one shape, the one they overlap most", () => {
    const parts =
      polygon("0,0;1,0;1,1;0,1", ' group_id="2" id="a"') + polygon("4,0;6,0;6,2;4,2", ' group_id="2" id="b"');
    const grown = ascii`
      ...#####
      ...#####
      ........
      ........
      ........
      ........
    `;
    const { text } = rewrite(cvat, image(parts), "images/0/shapes/0", grown);
    expect(text).toBe(image(polygon("8.00,0.00;8.00,2.00;3.00,2.00;3.00,0.00", ' group_id="2" id="b"')));
  });

  it("masks stay masks, and polygons become masks on request, and back", () => {
    const before = image(`${square}    ${donutRuns}\n`);
    const dot = ascii`
      ........
      ..##....
      ..#.....
      ........
      ........
      ........
    `;
    const mask = `rle="0, 3, 1" left="2" top="1" width="2" height="2"`;
    expect(rewrite(cvat, before, "images/0/shapes/1", dot).text).toBe(
      image(`${square}    <mask label="cat" ${mask} z_order="2"/>\n`),
    );
    expect(rewrite(cvat, before, "images/0/shapes/0", dot, { geometry: "mask" }).text).toBe(
      image(`    <mask label="cat" source="manual" ${mask} z_order="0">\n    </mask>\n    ${donutRuns}\n`),
    );
    expect(rewrite(cvat, before, "images/0/shapes/1", dot, { ...exact, geometry: "polygon" }).text).toBe(
      image(
        `${square}    <polygon label="cat" points="4.00,1.00;4.00,2.00;3.00,2.00;3.00,3.00;2.00,3.00;2.00,1.00" z_order="2"/>\n`,
      ),
    );
  });

  it("changes that it cannot take are refused", () => {
    const file = read(image(`${square}<box label="dog"/>`));
    const mask = runs(donut);
    expect(() => file.write([{ region: "images/1/shapes/0", mask }])).toThrow(RangeError);
    expect(() => file.write([{ region: "images/0/shapes/1", mask }])).toThrow("never refined");
    const large = { ...mask, width: 9, counts: Uint32Array.of(10, 44) };
    expect(() => file.write([{ region: "images/0/shapes/0", mask: large }])).toThrow("is 9×6: expected 8×6");
  });
});

describe("broken CVAT annotations", () => {
  const refusal = (shape: string) => () => regionsOf(read(image(square + shape)))[1]!.mask(size);

  it("as a whole are refused in one sentence", () => {
    for (const [text, sentence] of [
      [
        "<annotations>",
        "a.xml: found broken XML (1:13: unclosed tag: annotations), expected a whole XML file",
      ],
      ["<annotation/>", "a.xml: found XML of <annotation>, expected CVAT's <annotations>"],
      ["<annotations><track id='0'/></annotations>", "found tracks of a video"],
      ["<annotations><image width='8' height='NaN'/></annotations>", "image 1: found a size of 8 by NaN"],
      [`<!DOCTYPE a [<!ENTITY b "${"c".repeat(9)}">]><annotations>&b;</annotations>`, "an XML document type"],
      [`<!DOCTYPE a SYSTEM "file:///etc/passwd"><annotations/>`, "an XML document type"],
      ["<annotations>&b;</annotations>", "undefined entity"],
      ["<?xml version='1.0' encoding='utf-16'?><annotations/>", "says its encoding is utf-16"],
      ["", "broken XML"],
    ] as const) {
      expect(() => read(text), text).toThrow(sentence);
    }
  });

  it("in one shape only fail there", () => {
    const mask = (rle: string, box = 'left="0" top="0" width="2" height="2"') =>
      refusal(`<mask label="a" rle="${rle}" ${box}/>`);
    expect(refusal(`<polygon label="a"/>`)).toThrow('found a polygon without "points"');
    expect(refusal(polygon("1,2;3,nan;4,5"))).toThrow('a.xml, image 1, shape 2: found the coordinate "nan"');
    expect(refusal(polygon("1,2;3,4"))).toThrow("a polygon of 2 points");
    expect(refusal(polygon("1,2;3;4,5"))).toThrow('the point "3"');
    expect(refusal(polygon(""))).toThrow('the point ""');
    expect(mask("1, 2")).toThrow("found runs of 3 pixels, expected 4 for its box");
    expect(mask("")).toThrow('found "" for its run');
    expect(mask("1, -1, 4")).toThrow('found " -1" for its run');
    expect(mask("0, 4", 'left="7" top="0" width="2" height="2"')).toThrow("expected one on the photo of 8×6");
    expect(mask("0, 4", 'left="0" top="0" width="0" height="2"')).toThrow("at least one");
    expect(mask("0, 4", 'left="0" top="0" width="2"')).toThrow('a mask without "height"');
  });

  it("refuse a photo of another size", () => {
    expect(() => regionsOf(read(image(square)))[0]!.mask({ width: 6, height: 8 })).toThrow(
      "found annotations of a photo of 8×6, expected the photo's 6×8",
    );
  });

  it("never do anything but fail with a sentence", () => {
    const whole = image(square + donutRuns + polygon("1,1;5,1;5,4", ' group_id="1"'));
    fc.assert(
      fc.property(fc.oneof(damaged(whole), anyBytes), (bytes) => readOrRefuse(cvat, bytes, size)),
      { numRuns: 1500 },
    );
  });

  it("give a file that can be written, where they can be read", () => {
    const whole = image(square + donutRuns + polygon("1,1;5,1;5,4", ' group_id="1"'));
    fc.assert(
      fc.property(damaged(whole), (bytes) => rewriteOrRefuse(cvat, bytes, donut, true)),
      { numRuns: 600 },
    );
  });
});

it("tells CVAT's XML from others'", () => {
  const detected = (text: string, name = "a.xml") => cvat.detect(name, encode(text));
  expect(detected(image(square))).toBe(true);
  expect(detected(`\ufeff<!-- ours -->\n<annotations>`)).toBe(true);
  expect(detected("<annotation><folder>VOC2012</folder></annotation>")).toBe(false);
  expect(detected(image(square), "a.txt")).toBe(false);
  expect(detected("")).toBe(false);
});

/** Files as tools format them: quotes, spaces, attribute orders, unknown attributes and children. */
function corpus() {
  const point = fc.tuple(fc.integer({ min: -5, max: 40 }), fc.integer({ min: -5, max: 30 }));
  const points = fc
    .array(point, { minLength: 3, maxLength: 6 })
    .map((all) => ({ points: all.map((xy) => xy.join(",")).join(";") }));
  const geometry = fc.oneof(
    points.map((attributes) => ({ name: "polygon", attributes })),
    fc.constant({ name: "mask", attributes: { rle: "1,2,1", left: "3", top: "4", width: "2", height: "2" } }),
  );
  const more = fc.record(
    {
      label: fc.constantFrom("a", "b &amp; c", "é"),
      group_id: fc.constantFrom("0", "4"),
      z_order: fc.constantFrom("-1", "3"),
      occluded: fc.constant("1"),
      "data-x": fc.constantFrom("&gt;&lt;", ""),
    },
    { requiredKeys: ["label"] },
  );
  const space = fc.constantFrom(" ", "  ", "\n      ", "\t");
  const quote = fc.constantFrom('"', "'");
  const inside = fc.constantFrom(undefined, "", "\n      <attribute name='n'>v &amp; w</attribute>\n    ");
  const shape = fc.record({ geometry, more, space, quote, inside, first: fc.boolean() }).map((spec) => {
    const parts = [Object.entries(spec.geometry.attributes), Object.entries(spec.more)];
    const attributes = (spec.first ? parts : parts.reverse())
      .flat()
      .map(
        ([key, value]) => `${spec.space}${key}${spec.first ? " = " : "="}${spec.quote}${value}${spec.quote}`,
      )
      .join("");
    const { name } = spec.geometry;
    return spec.inside === undefined
      ? `<${name}${attributes}/>`
      : `<${name}${attributes}>${spec.inside}</${name}>`;
  });
  return fc
    .record({
      shapes: fc.array(shape, { minLength: 1, maxLength: 5 }),
      between: fc.constantFrom("\n    ", "", "\r\n\t", "<!-- - -->"),
      bom: fc.constantFrom("", "\ufeff"),
    })
    .map(
      ({ shapes, between, bom }) =>
        `${bom}<annotations x='y'><meta><a/></meta>${between}<image name="i" width="37" height="23">${between}${shapes.join(between)}${between}</image></annotations>`,
    );
}

describe("any CVAT file", () => {
  it("comes back with one region changed and all others as they were", () => {
    const options = fc.constantFrom("same" as const, "mask" as const, "polygon" as const);
    fc.assert(
      fc.property(
        corpus(),
        masks({ width: 37, height: 23 }),
        fc.nat(),
        options,
        (before, mask, pick, how) => {
          const regions = regionsOf(read(before));
          const { id, label } = regions[pick % regions.length]!;
          const { text, file } = rewrite(cvat, before, id, mask, { ...exact, geometry: how });
          const now = regionsOf(file);
          expect(now).toHaveLength(regions.length);
          // Its place may change with the parts that it has.
          const drawings = now
            .filter((region) => region.label === label)
            .map((region) => draw(region.mask(mask)));
          expect(drawings).toContain(draw(mask));
          expect(stripped(text, label)).toEqual(stripped(before, label));
        },
      ),
      { numRuns: 400 },
    );
  });
});

/** The file without the shapes of a label. */
function stripped(text: string, label: string): string {
  const escaped = label.replace("&", "&amp;");
  const shapes = /\s*<(polygon|mask)(?=\s)[^>]*?(?:\/>|>.*?<\/\1>)/gs;
  return text.replaceAll(shapes, (shape) =>
    shape.includes(`${escaped}"`) || shape.includes(`${escaped}'`) ? "" : shape,
  );
}

const real = resolve("../shared/bench/formats/2label_cvat1.1/annotations.xml");
if (!existsSync(real)) console.log(`skipped: ${real} is not there`);

describe.runIf(existsSync(real))("CVAT's own file", () => {
  it("comes back the same, but for the one region that changed", () => {
    const bytes = readFileSync(real);
    const file = cvat.read(real, bytes);
    expect(cvat.detect(real, bytes)).toBe(true);
    expect(file.photos.map(({ link }) => link)).toEqual([
      "birds.jpg",
      "crack.jpeg",
      "shapes.jpg",
      "strawberry.jpg",
    ]);
    expect(file.write([]).bytes).toBe(bytes);
    const { id, mask } = file.photos[2]!.regions.find(({ skip }) => skip === undefined)!;
    const changed = mask(file.photos[2]!.size!);
    changed.data.fill(1, 0, 40);
    const { text, file: again } = rewrite(cvat, bytes.toString(), id, changed, exact);
    const [before, now] = [bytes.toString(), text].map((all) => all.split("\n")) as [string[], string[]];
    const line = before.findIndex((other, i) => other !== now[i]);
    expect(before[line]).toContain("triangle");
    expect(before.slice(line + 1)).toEqual(now.slice(now.length - before.length + line + 1));
    expect(draw(again.photos[2]!.regions.find((region) => region.id === id)!.mask(changed))).toBe(
      draw(changed),
    );
  });
});
