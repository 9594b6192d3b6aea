import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JSONPath, locateValues } from "../../../src/formats/json-text/locate-values.ts";

const locate = (text: string, wanted: (path: JSONPath) => boolean = () => true) =>
  locateValues(text, wanted).map(({ path, start, end }) => [path.join("/"), text.slice(start, end)]);

const leaves = (path: JSONPath) => path.length === 2;

describe("locateValues", () => {
  it("finds values by their path and looks no further inside them", () => {
    const text = ' {"a": [1, {"b": "]"} , null], "c": {"d": -1.5e3}}\n';
    expect(locate(text, leaves)).toEqual([
      ["a/0", "1"],
      ["a/1", '{"b": "]"}'],
      ["a/2", "null"],
      ["c/d", "-1.5e3"],
    ]);
    expect(locate(text)).toEqual([["", text.trim()]]);
  });

  it("counts positions behind a byte order mark", () => {
    const text = '\uFEFF{"a": {"b": true}}';
    expect(locate(text, leaves)).toEqual([["a/b", "true"]]);
  });

  it("asks with the position of each value", () => {
    const asked: string[] = [];
    const text = '\uFEFF{"a": [1, null]}';
    locateValues(text, (_path, start) => asked.push(text[start]!) === 0);
    expect(asked.join(" ")).toBe("{ [ 1 n");
  });

  it("lets the last of two equal keys count, at every level", () => {
    expect(locate('{"a": {"x": 1}, "b": {"x": 2}, "a": {"y": 3}}', leaves)).toEqual([
      ["b/x", "2"],
      ["a/y", "3"],
    ]);
    expect(locate('{"a": {"x": 1, "\\u0078": 2}}', leaves)).toEqual([["a/x", "2"]]);
  });

  it("takes __proto__ for a key like any other", () => {
    expect(locate('{"__proto__": {"x": 1}, "constructor": {"x": 2}}', leaves)).toEqual([
      ["__proto__/x", "1"],
      ["constructor/x", "2"],
    ]);
  });

  it.each([
    ["", "the end of the text at line 1, column 1"],
    ["[1,\n 2", "the end of the text at line 2, column 3"],
    ['{"a": NaN}', '"NaN}" at line 1, column 7'],
    ["[1] // no", '"// no" at line 1, column 5'],
    ["[1, /* no */ 2]", '"/* no */ 2]" at line 1, column 5'],
    ["[1,]", '"]" at line 1, column 4'],
    ["[1] [2]", '"[2]" at line 1, column 5'],
    ["\uFEFF\uFEFF[]", '"\uFEFF[]" at line 1, column 1'],
    ["[".repeat(1e5), "more than 500 levels of brackets"],
  ])("refuses %j", (text, message) => {
    expect(() => locate(text, () => false)).toThrow(expect.objectContaining({ message }));
    expect(() => locate(text, () => false)).toThrow(SyntaxError);
  });

  it("asks about no path longer than the deepest, and finds the same above", () => {
    const text = '{"a": [1, {"b": 2}], "a": [{"c": [3]}, 4]}';
    const asked: number[] = [];
    const wanted = (path: readonly unknown[]): boolean => {
      asked.push(path.length);
      return path.length === 2;
    };
    expect(locateValues(text, wanted, 2)).toEqual(locateValues(text, (path) => path.length === 2));
    expect(locateValues(text, () => false, 1)).toEqual([]);
    const never = (path: readonly unknown[]): boolean => {
      expect(path.length).toBeLessThan(2);
      return false;
    };
    expect(locateValues(text, never, 1)).toEqual([]);
    expect(asked).toContain(2);
    expect(() => locateValues(text.replace("3", "x"), never, 1)).toThrow(SyntaxError);
  });

  it("accepts what JSON.parse accepts, wanted or not, and finds the values that it finds", () => {
    const json = fc.json({ maxDepth: 4 });
    const broken = fc
      .tuple(json, fc.nat(), fc.constantFrom(...'{}[],:"\\/01-.eE+ntf\n\t \u00a0'))
      .map(([text, at, c]) => {
        const position = at % (text.length + 1);
        return text.slice(0, position) + c + text.slice(position + (at % 2));
      });
    fc.assert(
      fc.property(fc.oneof(json, broken), fc.nat(3), (text, depth) => {
        let parsed: unknown;
        try {
          parsed = JSON.parse(text);
        } catch {
          expect(() => locateValues(text, (path) => path.length === depth)).toThrow(SyntaxError);
          return;
        }
        const found = new Map(
          locateValues(text, (path) => path.length === depth).map(({ path, start, end }) => [
            JSON.stringify(path),
            JSON.parse(text.slice(start, end)),
          ]),
        );
        expect(found).toEqual(
          new Map(atDepth(parsed, depth).map(([path, value]) => [JSON.stringify(path), value])),
        );
      }),
      { numRuns: 3000 },
    );
  });
});

function atDepth(value: unknown, depth: number, path: JSONPath = []): [JSONPath, unknown][] {
  if (depth === 0) return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, child]) => atDepth(child, depth - 1, [...path, key]));
}
