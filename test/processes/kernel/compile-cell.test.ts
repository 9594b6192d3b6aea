import fc from "fast-check";
import { expect, test } from "vitest";
import { compileCell } from "../../../src/processes/kernel/compile/compile-cell.ts";
import { stripTypes } from "../../../src/processes/kernel/compile/strip-types.ts";

/** The script without its name. */
function js(code: string): string {
  const compiled = compileCell(code, "cell-1.ts");
  if ("error" in compiled) throw new Error(compiled.error.message);
  return compiled.js.replace(/\n\/\/# sourceURL=cell-1\.ts$/, "");
}

test("types become blanks of the same length", () => {
  expect(js("const a: number = 1 as number;")).toBe("const a         = 1          ;");
  expect(js("interface A {\n  b: string;\n}\nlet c!: A;").split("\n")[3]).toMatch(/^let c {4};$/);
});

test("imports become constants", () => {
  expect(js('import a from "a";')).toBe('const { default: a } = await __load("a");');
  expect(js('import { b, c as d } from "a";')).toBe('const { b, c: d } = await __load("a");');
  expect(js('import a, { b } from "a";')).toBe('const { default: a, b } = await __load("a");');
  expect(js('import * as all from "a";')).toBe('const all = await __load("a");');
  expect(js('import a, * as all from "a";')).toBe('const all = await __load("a"), { default: a } = all;');
  expect(js('import "a";')).toBe('void await __load("a");');
  expect(js('import data from "./a.json" with { type: "json" };')).toBe(
    'const { default: data } = await __load("./a.json", { with: { type: "json" } });',
  );
});

test("imports of types load nothing", () => {
  expect(js('import type { A } from "a";').trim()).toBe("");
  expect(js('import { type A, b } from "a";')).toMatch(/^const \{ b \} = await __load\("a"\);$/);
});

test("an import over several lines keeps what follows on its line", () => {
  const lines = js('import {\n  a,\n  b,\n} from "a";\nthrow a;').split("\n");
  expect(lines[0]).toBe('const { a, b } = await __load("a");');
  expect(lines[4]).toBe("throw a;");
});

test("import() and import.meta stay in their columns", () => {
  expect(js('const a = () => import("a");')).toBe('const a = () => __load("a");');
  expect(js("console.log(import.meta.url);")).toBe("console.log(__load.meta.url);");
  expect(js('import(import.meta.resolve("a"))')).toBe('__load(__load.meta.resolve("a"))');
});

test("exports are constants and functions of the notebook", () => {
  expect(js("export const a = 1;")).toBe("       const a = 1;");
  expect(js("export default function f() {}")).toBe("               function f() {}");
  expect(js("export default 5;").trim()).toBe("5;");
  expect(js("const a = 1; export { a };")).toBe("const a = 1; ;");
  expect(js('export * from "a";')).toBe('void await __load("a");');
});

test("the word import elsewhere is left alone", () => {
  const code = 'const text = "import a from b"; // import(c)\nconst o = { import: 1, default: 2 }; o.import;';
  expect(js(code)).toBe(code);
  expect(js("switch (1) { default: 2 }")).toBe("switch (1) { default: 2 }");
});

test("await with brackets at the top level is awaiting", () => {
  expect(js("await (async (): Promise<void> => {})();")).toMatch(/^await \(async \(\) {16}=> \{\}\)\(\);$/);
});

test("syntax that is more than types is written anew, on its own lines", () => {
  const code = "enum Colour {\n  Red,\n  Green = 5,\n}\nconst a: number = Colour.Green;\nthrow a;";
  const lines = js(code).split("\n");
  expect(lines).toHaveLength(6);
  expect(lines[5]).toBe("throw a;");
  // biome-ignore lint/security/noGlobalEval: what was compiled must run
  expect(eval(js(code.replace("throw a", "a")))).toBe(5);
});

test("parameter properties and namespaces work", () => {
  const code =
    "class A { constructor(readonly b: number) {} }\nnamespace N { export const c = 2; }\nnew A(3).b + N.c";
  // biome-ignore lint/security/noGlobalEval: what was compiled must run
  expect(eval(`"use strict";${js(code)}`)).toBe(5);
});

test("a mistake is told with its place", () => {
  expect(compileCell("const a = 1;\nconst b = ;", "cell-1.ts")).toEqual({
    error: { message: "Expression expected.", line: 2, column: 11 },
  });
});

test("JavaScript of any kind comes out as it went in", () => {
  const statement = fc.constantFrom(
    "let a = 1 < 2;",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: code in a text
    "`${`x\n${1}`}`;",
    "label: for (const x of [1, 2]) { if (x) continue label; }",
    "async function* f() { yield* [await 1]; }",
    "class A { #p = 1; static { this.q = /[/]/g; } get x() { return this.#p; } }",
    "const { b = 1, ...c } = {};",
    "try { throw 0; } catch { } finally { }",
  );
  fc.assert(
    fc.property(fc.array(statement), (statements) => {
      const code = statements.join("\n");
      expect(js(code)).toBe(code);
    }),
  );
});

test("any text is compiled or refused, never a crash", () => {
  const pieces = fc.constantFrom(
    "import",
    " a",
    "{",
    "}",
    "from",
    '"x"',
    "\n",
    "enum",
    "export",
    "(",
    ")",
    "=>",
    ":",
    "<T>",
    "`",
    "await",
  );
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      expect(Object.keys(compileCell(parts.join(" "), "cell-1.ts"))).toHaveLength(1);
    }),
  );
});

test("TypeScript modules keep their lines", () => {
  const code = 'import { a } from "./a.ts";\ntype B = string;\nexport const c = (b: B): B => a(b);';
  expect(stripTypes("c.ts", code).split("\n")).toHaveLength(3);
});
