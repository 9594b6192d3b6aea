/** The report's page: whatever names say, it stays one page of text. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ReportPage, regionThumbnail, reportPage } from "../../src/render/mod.ts";
import { rectangle } from "../helpers/ascii-mask.ts";

function page(text: string): ReportPage {
  return {
    title: text,
    facts: [[text, text]],
    counts: [{ name: text, count: 1234 }],
    failures: [{ where: text, message: text }],
    galleries: [{ heading: text, explanation: text, cards: [{ title: text, lines: [text], image: text }] }],
    columns: [
      { title: text, numeric: false },
      { title: "n", numeric: true },
    ],
    rows: [[text, 0.25]],
    remark: text,
  };
}

describe("reportPage", () => {
  it("has the tags of an empty text whatever the text", () => {
    const tags = (text: string): string[] => (reportPage(page(text)).match(/<\/?[a-z0-9]+/g) ?? []).sort();
    const plain = tags("");
    const nasty = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom('"><script>alert(1)</script>', "</style>", "</title>", "'\"&<>", "<!--", "]]>"),
    );
    fc.assert(
      fc.property(nasty, (text) => {
        expect(tags(text)).toEqual(plain);
      }),
    );
  });

  it("loads nothing from elsewhere and says so to the browser", () => {
    const html = reportPage(page("x"));
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/https?:|@import|url\(|<link/);
    expect(html).toContain("color-scheme: light dark");
    expect(html).toContain("1,234");
  });

  it("leaves out what is empty", () => {
    const html = reportPage({ ...page("x"), failures: [], galleries: [] });
    expect(html).not.toMatch(/Failed|<figure/);
  });
});

describe("regionThumbnail", () => {
  const photo = { width: 900, height: 600, data: new Uint8Array(900 * 600 * 3).fill(90) };

  it("shows both outlines within 320 × 240 pixels", () => {
    const coarse = rectangle(900, 600, [100, 100, 199, 199]);
    const refined = rectangle(900, 600, [120, 100, 219, 199]);
    const picture = regionThumbnail(photo, coarse, refined, [100, 100, 199, 199]);
    expect([picture.width <= 320, picture.height <= 240]).toEqual([true, true]);
    const has = (wanted: readonly number[]): boolean => {
      for (let i = 0; i < picture.data.length; i += 4)
        if (wanted.every((v, k) => picture.data[i + k] === v)) return true;
      return false;
    };
    expect([has([255, 150, 30]), has([40, 180, 255])]).toEqual([true, true]);
  });

  it("refuses masks of another size", () => {
    const mask = rectangle(9, 9, [1, 1, 2, 2]);
    expect(() => regionThumbnail(photo, mask, mask, [1, 1, 2, 2])).toThrow(RangeError);
  });
});
