import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { JsonLists } from "../../../src/formats/json-text/json-lists.ts";
import { locateValues } from "../../../src/formats/json-text/locate-values.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const lists = (text: string) => new JsonLists("file", encode(text));
/** Everything is read: entries, and what lies between. */
const readAll = (text: string): unknown[] => {
  const json = lists(text);
  json.locate(() => false);
  return Array.from({ length: json.length }, (_, k) => json.parse(k));
};
const refusal = (text: string): string => {
  try {
    readAll(text);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  return "nothing was refused";
};

describe("JsonLists", () => {
  it("cuts the entries out of lists at the top, and knows their bytes", () => {
    const text =
      '\uFEFF{"é": "[1,2]", "a" : [ {"x": ["],", 2]} ,\n "ü😀" ], "b": {"c": [1, 2]}, "d": [], "e": [[3], 4.50]}';
    const json = lists(text);
    expect(json.frame).toBe('{"é": "[1,2]", "a" : [ 0 ,\n 0 ], "b": {"c": [1, 2]}, "d": [], "e": [0, 0]}');
    const found = json.locate((path) => path.length === 2 && path[0] !== "b");
    expect(found.map(({ path, entry }) => [path, json.text(entry)])).toEqual([
      [["a", 0], '{"x": ["],", 2]}'],
      [["a", 1], '"ü😀"'],
      [["e", 0], "[3]"],
      [["e", 1], "4.50"],
    ]);
    const bytes = encode(text);
    for (let k = 0; k < json.length; k++)
      expect(new TextDecoder().decode(bytes.subarray(json.start(k), json.end(k)))).toBe(json.text(k));
  });

  it("cuts the entries of the list that a text is", () => {
    const json = lists(' [ [1, 2] , {"a": [3]}]\n');
    expect(json.frame).toBe(" [ 0 , 0]\n");
    expect(readAll(' [ [1, 2] , {"a": [3]}]\n')).toEqual([[1, 2], { a: [3] }]);
  });

  it("of a key that comes twice, gives the entries of the last one", () => {
    const json = lists('{"a": [1], "b": [2], "a": [3, 4]}');
    const found = json.locate((path) => path.length === 2);
    expect(found.map(({ path, entry }) => [path[0], json.parse(entry)])).toEqual([
      ["b", 2],
      ["a", 3],
      ["a", 4],
    ]);
  });

  it("takes __proto__ for a key like any other", () => {
    const text = '{"__proto__": [1], "a": [{"__proto__": 2}]}';
    expect(JSON.stringify(lists(text).value())).toBe(JSON.stringify(JSON.parse(text)));
    expect(Object.prototype).not.toHaveProperty("0");
  });

  it.each([
    ["", "the end of the text at line 1, column 1"],
    ['{"a": [1, 2', "the end of the text at line 1, column 12"],
    ['{"a": [{"b": 1', "the end of the text at line 1, column 15"],
    ['{"a":\r\n [{"é😀": NaN}]}', '"NaN}]}" at line 2, column 11'],
    ['{"a": [{"b": [1}, 2]}', '"}, 2]}" at line 1, column 16'],
    ['{"a": [1}', '"}" at line 1, column 9'],
    ['{"é": [1, 2], x}', '"x}" at line 1, column 15'],
    ['{"a": [1,, 2]}', '", 2]}" at line 1, column 10'],
    ['{"a": [1 2]}', '"2]}" at line 1, column 10'],
    ["[1] [2]", '"[2]" at line 1, column 5'],
    ["]", '"]" at line 1, column 1'],
    ["[".repeat(1e5), "more than 500 levels of brackets"],
    [`[${'{"a":'.repeat(1e5)}`, "more than 500 levels of brackets"],
  ])("says where %j is no JSON", (text, place) => {
    expect(refusal(text)).toBe(`file: found ${place}, expected JSON`);
  });

  it("refuses bytes that are no UTF-8, in entries and between them", () => {
    const broken = (at: number) => {
      const bytes = encode('{"x": "abc", "a": ["abc"]}');
      bytes[at] = 0xff;
      const json = new JsonLists("file", bytes);
      return json.parse(0);
    };
    expect(() => broken(8)).toThrow("file: found bytes that are no UTF-8 text, expected a text file");
    expect(() => broken(21)).toThrow("file: found bytes that are no UTF-8 text, expected a text file");
  });

  it("takes what JSON.parse takes, entry by entry, and nothing else", () => {
    const json = fc.oneof(
      fc.json({ maxDepth: 4 }),
      fc.array(fc.jsonValue(), { maxLength: 4 }).map((list) => JSON.stringify({ a: list, b: list }, null, 1)),
    );
    const broken = fc
      .tuple(json, fc.nat(), fc.constantFrom(...'{}[],:"\\/01-.eE+ntf\n\t é'))
      .map(([text, at, c]) => {
        const position = at % (text.length + 1);
        return text.slice(0, position) + c + text.slice(position + (at % 2));
      });
    fc.assert(
      fc.property(fc.oneof(json, broken), (text) => {
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          expect(refusal(text)).toMatch(/^file: found .*, expected JSON$/s);
          // The place is the one that reading the text as a whole finds, or one before it.
          expect(() => locateValues(text, () => false)).toThrow(SyntaxError);
          return;
        }
        expect(lists(text).value()).toEqual(value);
      }),
      { numRuns: 1500 },
    );
  });
});
