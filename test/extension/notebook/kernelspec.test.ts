import { expect, test } from "vitest";
import { isTypeScriptNotebook, withKernelspec } from "../../../src/extension/notebook/kernelspec.ts";

test("a notebook with our language is known again, and Jupyter gets Deno's kernel", () => {
  const metadata = withKernelspec({ indentAmount: " ", metadata: { title: "kept" } });
  expect(isTypeScriptNotebook(metadata)).toBe(true);
  expect(metadata).toMatchObject({
    indentAmount: " ",
    metadata: { title: "kept", kernelspec: { name: "deno" }, language_info: { name: "typescript" } },
  });
});

test.each([
  [{}, false],
  [{ metadata: {} }, false],
  [{ metadata: { kernelspec: { language: "python" } } }, false],
  [{ metadata: { language_info: { name: "javascript" } } }, true],
])("%j", (metadata, expected) => {
  expect(isTypeScriptNotebook(metadata)).toBe(expected);
});
