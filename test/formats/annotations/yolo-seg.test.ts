import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { yoloSeg } from "../../../src/formats/annotations/yolo-seg.ts";
import { ascii, draw } from "../../helpers/ascii-mask.ts";
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
  rewriteOrRefuse,
  runs,
  union,
} from "./corpus.ts";

const size = { width: 8, height: 6 };
const square = "3 0.25 0.5 0.75 0.5 0.75 1 0.25 1";
const ring = ascii`
  ........
  .#####..
  .#...#..
  .#...#..
  .#####..
  .......#
`;

describe("YOLO segmentation labels", () => {
  it("a line is an outline in shares of the photo's sides", () => {
    const file = yoloSeg.read("a.txt", encode(`${square}\n`));
    const [photo] = file.photos;
    expect(photo).toMatchObject({ link: undefined, size: undefined });
    expect(photo!.regions).toMatchObject([{ id: "lines/1", label: "3", order: 0 }]);
    expect(draw(photo!.regions[0]!.mask(size))).toBe(
      draw(ascii`
        ........
        ........
        ........
        ..####..
        ..####..
        ..####..
      `),
    );
  });

  it("boxes are skipped, blank lines passed over", () => {
    const regions = regionsOf(yoloSeg.read("a.txt", encode(`\n\n0 0.5 0.5 0.1 0.1\r\n  \r\n${square}`)));
    expect(regions.map(({ id, skip }) => [id, skip])).toEqual([
      ["lines/3", "a box, not an outline"],
      ["lines/5", undefined],
    ]);
  });

  it("without changes it is the file itself", () => {
    const bytes = encode(`\ufeff${square} \r\n\r\n`);
    expect(yoloSeg.read("a.txt", bytes).write([]).bytes).toBe(bytes);
    const [region] = regionsOf(yoloSeg.read("a.txt", bytes));
    const same = { region: region!.id, mask: runs(region!.mask(size)) };
    expect(yoloSeg.read("a.txt", bytes).write([same]).bytes).toBe(bytes);
  });

  it("parts become lines, holes are bridged, and both are said", () => {
    const before = `0 0.1 0.1 0.2 0.2\r\n${square}\r\n7 0 0 0.5 0 0.5 0.5`;
    const { text, file, notes } = rewrite(yoloSeg, before, "lines/2", ring, exact);
    const lines = text.split("\r\n");
    expect([lines[0], lines[3]]).toEqual(["0 0.1 0.1 0.2 0.2", "7 0 0 0.5 0 0.5 0.5"]);
    expect(lines[2]).toBe("3 1 0.833333 1 1 0.875 1 0.875 0.833333");
    expect(notes).toEqual([
      "file: 1 hole of line 2 is joined to the outline by a bridge, for polygons have no holes there",
      "file: parts are a line each, for YOLO joins none: line 2 (2)",
    ]);
    expect(draw(union(regionsOf(file).slice(1, 3), size))).toBe(draw(ring));
  });

  it("numbers keep the digits of their line", () => {
    const dot = ascii`
      ..
      #.
      ..
    `;
    const written = (line: string) => rewrite(yoloSeg, line, "lines/1", dot, exact).text;
    expect(written("0 0 0 1 0 1 1")).toBe(
      "0 0.500000 0.333333 0.500000 0.666667 0.000000 0.666667 0.000000 0.333333",
    );
    expect(written("0 0.10 0.20 0.30 0.40 0.50 0.66")).toBe("0 0.50 0.33 0.50 0.67 0.00 0.67 0.00 0.33");
    expect(written("0 0.1 0.2 0.3 0.4 0.5 0.6666")).toBe("0 0.5 0.333333 0.5 0.666667 0 0.666667 0 0.333333");
    expect(written("0 0.1 0.2 0.3 0.4 0.5 0.66666666")).toContain("0.33333333 0.5");
    expect(written("0 0.1 0.2 0.3 0.4 0.5 0.6")).toContain("0.67 0.0");
  });

  it("changes that it cannot take are refused", () => {
    const file = yoloSeg.read("a.txt", encode(`${square}\n0 0.5 0.5 0.1 0.1`));
    const mask = runs(ring);
    expect(() => file.write([{ region: "lines/9", mask }])).toThrow(RangeError);
    expect(() => file.write([{ region: "lines/2", mask }])).toThrow("never refined");
    expect(() => file.write([{ region: "lines/1", mask: { ...size, counts: Uint32Array.of(48) } }])).toThrow(
      "empty",
    );
    expect(() =>
      file.write([
        { region: "lines/1", mask },
        { region: "lines/1", mask },
      ]),
    ).toThrow("twice");
  });

  it("asked for masks, it says that it has none", () => {
    const { notes } = rewrite(yoloSeg, square, "lines/1", ring, { geometry: "mask" });
    expect(notes.at(-1)).toBe("file: outlines stay outlines, for YOLO has no masks: line 1");
  });
});

describe("telling YOLO from other text", () => {
  const detected = (text: string, name = "a.txt") => yoloSeg.detect(name, encode(text));

  it("knows outlines and boxes", () => {
    expect(detected(square)).toBe(true);
    expect(detected(`\n0 0.5 0.5 0.1 0.1\r\n${square}\r\n`)).toBe(true);
    expect(detected(`${square} `.repeat(4000).replaceAll(" 3 ", " 0.3 "))).toBe(true);
    expect(detected(`${square}\n`.repeat(4000))).toBe(true);
  });

  it("knows what is something else", () => {
    for (const text of [
      "",
      "\n \n",
      "# label:color_rgb:parts:actions\nbackground:0,0,0::\n",
      "2007_000032\n2007_000039\n",
      "000012 -1\n000017  1\n",
      "This is a README. It has 3 lines.",
      "1 0 0 0 0\n0 1 0 0 0",
      "0 12 14 100 200 44 60",
      `${square}\nand more`,
      "person\nbicycle",
    ]) {
      expect(detected(text), text).toBe(false);
    }
    expect(detected(square, "a.csv")).toBe(false);
  });
});

describe("broken YOLO labels", () => {
  const refusal = (line: string) => {
    const [region] = regionsOf(yoloSeg.read("a.txt", encode(line)));
    return () => region!.mask(size);
  };

  it("are named with their line, and only that line fails", () => {
    expect(() => yoloSeg.read("a.txt", encode(`${square}\nperson 1 2`))).toThrow(
      'a.txt, line 2: found "person" at its start, expected the number of a class',
    );
    expect(refusal("0 0.1 nan 0.2 0.3 0.4 0.5")).toThrow(
      'a.txt, line 1: found the coordinate "nan", expected a number',
    );
    expect(refusal("0 0.1 0.1 0.2 0.3 0.4 0.5 0.6")).toThrow("7 coordinates");
    expect(refusal("0 0.1 0.1")).toThrow("a polygon of 1 points");
    expect(refusal("0")).toThrow("a polygon of 0 points");
    expect(refusal("0 0.1 0.1 1e300 0.3 0.4 0.5")).toThrow("near the photo");
    expect(refusal("0 0x1 0.1 0.2 0.3 0.4 0.5")).toThrow('"0x1"');
    expect(() => yoloSeg.read("a.txt", Uint8Array.of(0x30, 0x20, 0xff))).toThrow(
      "found bytes that are no UTF-8 text",
    );
  });

  it("never do anything but fail with a sentence", () => {
    const whole = `${square}\r\n1 0.5 0.5 0.2 0.2\n\n12 0 0 1 0 1 1 0.25 0.75 \n`;
    fc.assert(
      fc.property(fc.oneof(damaged(whole), anyBytes), (bytes) => readOrRefuse(yoloSeg, bytes, size)),
      { numRuns: 1500 },
    );
  });

  it("give a file that can be written, where they can be read", () => {
    const whole = `${square}\r\n1 0.5 0.5 0.2 0.2\n\n12 0 0 1 0 1 1 0.25 0.75 \n`;
    fc.assert(
      fc.property(damaged(whole), (bytes) => rewriteOrRefuse(yoloSeg, bytes, ring, false)),
      { numRuns: 600 },
    );
  });
});

/** Files of every formatting that tools write. */
function corpus() {
  const number = fc
    .integer({ min: 0, max: 1000 })
    .chain((n) => fc.constantFrom(String(n / 1000), (n / 1000).toFixed(6), (n / 1000).toExponential()));
  const line = fc
    .tuple(
      fc.nat(90),
      fc.array(fc.tuple(number, number), { minLength: 3, maxLength: 8 }),
      fc.constantFrom("", " ", "\t"),
    )
    .map(([label, points, space]) => `${label} ${points.map((point) => point.join(" ")).join(" ")}${space}`);
  const box = fc.tuple(fc.nat(90), number, number).map(([label, x, y]) => `${label} ${x} ${y} 0.1 0.1`);
  return fc
    .tuple(
      fc.array(fc.oneof({ weight: 4, arbitrary: line }, box, fc.constant("")), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.constantFrom("\n", "\r\n"),
      fc.boolean(),
    )
    .map(([lines, lineBreak, last]) => lines.join(lineBreak) + (last ? lineBreak : ""));
}

describe("any YOLO file", () => {
  it("comes back with the changed line changed and all others as they were", () => {
    fc.assert(
      fc.property(corpus(), masks({ width: 37, height: 23 }), fc.nat(), (before, mask, pick) => {
        const open = regionsOf(yoloSeg.read("a.txt", encode(before))).filter(
          ({ skip }) => skip === undefined,
        );
        if (open.length === 0) return;
        const { id, label } = open[pick % open.length]!;
        const index = Number(id.split("/")[1]) - 1;
        const { text, file } = rewrite(yoloSeg, before, id, mask, exact);
        const [old, now] = [before, text].map((all) => all.split(/\r?\n/)) as [string[], string[]];
        const added = now.length - old.length;
        expect(now.slice(0, index)).toEqual(old.slice(0, index));
        expect(now.slice(index + added + 1)).toEqual(old.slice(index + 1));
        const parts = regionsOf(file).filter((region) => {
          const line = Number(region.id.split("/")[1]) - 1;
          return line >= index && line <= index + added;
        });
        expect(parts.every((part) => part.label === label)).toBe(true);
        expect(draw(union(parts, mask))).toBe(draw(mask));
        expect(decode(encode(text)).includes("\r\n")).toBe(before.includes("\r\n"));
      }),
      { numRuns: 300 },
    );
  });
});
