import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { setValues } from "../../../src/formats/json-text/set-values.ts";

describe("setValues", () => {
  it("replaces values where they stand and adds those that are missing at the end", () => {
    const text = '{ "a" : 1,  "b" : {"c": [1,2]},\t"d":null }';
    expect(
      setValues(text, [
        [
          ["b", "c"],
          [3, 4],
        ],
        [["e"], "x"],
        [["a"], null],
      ]),
    ).toBe('{ "a" : null,  "b" : {"c": [3,4]},\t"d":null,  "e" : "x" }');
    expect(
      setValues("{}", [
        [["a"], 1],
        [["b"], [2]],
      ]),
    ).toBe('{"a": 1, "b": [2]}');
  });

  it("sets lists as the old one is set", () => {
    const written = (old: string) =>
      setValues(`{\n  "p": ${old}\n}`, [
        [
          ["p"],
          [
            [7, 8],
            [9, 0],
          ],
        ],
      ]);
    for (const list of [
      "[[7,8],[9,0]]",
      "[[7, 8], [9, 0]]",
      "[\n    [7, 8],\n    [9, 0]\n  ]",
      "[\n    [\n      7,\n      8\n    ],\n    [\n      9,\n      0\n    ]\n  ]",
    ]) {
      const old = list.replace(/7(,\s*)8/, "1.5$12");
      expect(written(old), list).toBe(`{\n  "p": ${list}\n}`);
    }
    expect(written("[]")).toBe('{\n  "p": [[7, 8], [9, 0]]\n}');
  });

  it("takes the last of two equal keys, and keys that objects inherit", () => {
    expect(
      setValues('{"a":1,"__proto__":{"a":1},"a":2}', [
        [["a"], 3],
        [["__proto__", "a"], 4],
      ]),
    ).toBe('{"a":1,"__proto__":{"a":4},"a":3}');
  });

  it("says what JSON.parse says, whatever was set how", () => {
    const indent = fc.constantFrom(undefined, 1, 2, "\t");
    const key = fc.constantFrom("a", "b", "", "__proto__", '"');
    const value = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(
        fc.dictionary(key, value, { noNullPrototype: true }),
        key,
        value,
        indent,
        (object, name, fresh, space) => {
          const text = setValues(JSON.stringify(object, null, space), [[[name], fresh]]);
          const wanted = new Map(Object.entries(JSON.parse(JSON.stringify(object)))).set(
            name,
            JSON.parse(JSON.stringify(fresh)),
          );
          expect(new Map(Object.entries(JSON.parse(text)))).toEqual(wanted);
        },
      ),
      { numRuns: 300 },
    );
  });
});
