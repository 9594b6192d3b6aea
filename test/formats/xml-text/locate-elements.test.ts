import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { locateElements, type XmlElement } from "../../../src/formats/xml-text/locate-elements.ts";

const locate = (text: string) => locateElements("a.xml", text);

describe("locateElements", () => {
  it("says where elements, their tags and attributes stand", () => {
    const text = `\ufeff<?xml version="1.0"?>\r\n<a>\r\n <b  x = 'é &lt;"' y="">😀<c/></b ><b></b></a><!-- -->`;
    const { children } = locate(text);
    const [b, empty] = children as [XmlElement, XmlElement];
    const cut = (start: number, end: number) => text.slice(start, end);
    expect(cut(b.start, b.end)).toBe(`<b  x = 'é &lt;"' y="">😀<c/></b >`);
    expect(cut(b.openEnd, b.closeStart)).toBe("😀<c/>");
    const x = b.attributes.get("x")!;
    expect([x.value, cut(x.start, x.end)]).toEqual([`é <"`, `x = 'é &lt;"'`]);
    const y = b.attributes.get("y")!;
    expect([y.value, cut(y.start, y.end)]).toEqual(["", `y=""`]);
    const [c] = b.children as [XmlElement];
    expect([cut(c.start, c.end), c.openEnd, c.closeStart]).toEqual(["<c/>", c.end, c.end]);
    expect([cut(empty.start, empty.openEnd), cut(empty.closeStart, empty.end)]).toEqual(["<b>", "</b>"]);
  });

  it("is not stopped by depth", () => {
    const deep = 20_000;
    let element = locate("<a>".repeat(deep) + "</a>".repeat(deep));
    let depth = 1;
    for (; element.children.length > 0; depth++) element = element.children[0]!;
    expect(depth).toBe(deep);
  });

  it("refuses what is not well-formed, and all that entities could come from", () => {
    const lol = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join("");
    for (const text of [
      "",
      "a",
      "<a>",
      "<a></b>",
      "<a b=1/>",
      "<a b='1' b='2'/>",
      "<a/><a/>",
      "<a>&x;</a>",
      "<a>\0</a>",
      `<!DOCTYPE a [<!ENTITY l0 "x">${lol}]><a>&l9;</a>`,
      `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`,
      `<!DOCTYPE a><a/>`,
      `<?xml version="1.0" encoding="latin1"?><a/>`,
    ]) {
      expect(() => locate(text), text).toThrow(InputError);
    }
  });
});
