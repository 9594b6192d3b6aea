import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeHTML, previewHTML } from "../../../src/extension/preview/preview-html.ts";

const page = {
  cspSource: "https://*.vscode-cdn.net",
  script: "https://x/preview.js",
  style: "https://x/preview.css",
  nonce: "0123abcd",
  language: "en",
  title: '"><img src=x onerror=alert(1)>',
  texts: { 'a "b"': "<c> & 'd'" },
};

test("nothing but our script may run, and nothing is fetched from elsewhere", () => {
  const html = previewHTML(page);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/
    .exec(html)?.[1]
    ?.replaceAll("&#39;", "'");
  expect(policy?.split("; ")).toEqual([
    "default-src 'none'",
    "script-src 'nonce-0123abcd'",
    "style-src https://*.vscode-cdn.net 'nonce-0123abcd'",
    "img-src blob: data:",
    "font-src https://*.vscode-cdn.net",
  ]);
  expect(policy).not.toContain("unsafe");
});

test("texts cannot leave their attribute", () => {
  const html = previewHTML(page);
  expect(html).not.toContain("<img");
  expect(html).not.toContain("<c>");
  const texts = /data-texts="([^"]*)"/.exec(html)?.[1] ?? "";
  expect(JSON.parse(unescaped(texts))).toEqual(page.texts);
});

test("escaping loses nothing and leaves nothing that HTML reads", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(escapeHTML(text)).not.toMatch(/[<>"']/);
      expect(unescaped(escapeHTML(text))).toBe(text);
    }),
  );
});

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}
