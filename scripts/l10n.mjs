// Collects the texts of the extension and its page for translators: l10n/bundle.l10n.json. With --check, tells whether
// it is up to date.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";

const BUNDLE = "l10n/bundle.l10n.json";

/** Texts given to `t(…)` or `….l10n.t(…)` in a source file. */
function textsOf(path, source) {
  const texts = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && isTranslation(node.expression)) {
      const [text] = node.arguments;
      if (text !== undefined && ts.isStringLiteralLike(text)) texts.push(text.text);
      else
        throw new Error(
          `${path}: ${node.getText()} has no literal text: expected one that can be translated`,
        );
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true));
  return texts;
}

function isTranslation(callee) {
  if (ts.isIdentifier(callee)) return callee.text === "t";
  return ts.isPropertyAccessExpression(callee) && callee.name.text === "t";
}

const files = [];
for (const room of ["src/extension", "src/webview"]) {
  for (const entry of await readdir(room, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && entry.name.endsWith(".ts")) files.push(join(entry.parentPath, entry.name));
  }
}
const found = await Promise.all(files.map(async (path) => textsOf(path, await readFile(path, "utf8"))));
const texts = [...new Set(found.flat())].sort((a, b) => (a < b ? -1 : 1));
const bundle = `${JSON.stringify(Object.fromEntries(texts.map((text) => [text, text])), null, 2)}\n`;
if (process.argv.includes("--check")) {
  const kept = await readFile(BUNDLE, "utf8").catch(() => "");
  if (kept !== bundle) {
    console.error(`${BUNDLE} is out of date: run node scripts/l10n.mjs`);
    process.exitCode = 1;
  }
} else {
  await mkdir("l10n", { recursive: true });
  await writeFile(BUNDLE, bundle);
}
