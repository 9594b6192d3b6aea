import { expect, test } from "vitest";
import { linkCells } from "../../../src/extension/notebook/link-cells.ts";

test("places in cells are repeated below the stack, each once", () => {
  const stack = "TypeError: boom\n    at f (cell-5.ts:3:9)\n    at cell-12.ts:1:1\n    at g (cell-5.ts:3:20)";
  expect(linkCells(stack)).toBe(`${stack}\n\nCell In[5], line 3\nCell In[12], line 1`);
});

test("stacks without cells stay as they are", () => {
  expect(linkCells("Error: a\n    at f (/b/cell.ts:1:2)")).toBe("Error: a\n    at f (/b/cell.ts:1:2)");
  expect(linkCells("")).toBe("");
});
