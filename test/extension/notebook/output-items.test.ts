import { expect, test } from "vitest";
import { outputItems } from "../../../src/extension/notebook/output-items.ts";

function texts(bundle: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    outputItems(bundle).map(({ mime, data }) => [mime, Buffer.from(data).toString("latin1")]),
  );
}

test("text stays text, also SVG and lists of lines", () => {
  expect(texts({ "text/plain": "a", "image/svg+xml": "<svg/>", "text/html": ["<b>\n", "</b>"] })).toEqual({
    "text/plain": "a",
    "image/svg+xml": "<svg/>",
    "text/html": "<b>\n</b>",
  });
});

test("pictures become bytes", () => {
  expect(texts({ "image/png": Buffer.from("\x89PNG", "latin1").toString("base64") })).toEqual({
    "image/png": "\x89PNG",
  });
});

test("JSON is written as JSON, also where it is a text", () => {
  expect(texts({ "application/json": [1], "application/vnd.a+json": "b" })).toEqual({
    "application/json": "[\n  1\n]",
    "application/vnd.a+json": '"b"',
  });
});
