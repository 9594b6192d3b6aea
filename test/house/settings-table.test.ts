/** The table of settings in docs/method.md says what the code does. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { presetNames, resolveSettings } from "../../src/core/settings.ts";

const root = join(import.meta.dirname, "../..");
const source = readFileSync(join(root, "src/core/settings.ts"), "utf8");
const docs = readFileSync(join(root, "docs/method.md"), "utf8");

/** The comment of a field as one paragraph. */
function meaning(name: string): string {
  const [, comment] = source.match(new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s*readonly ${name}:`)) ?? [];
  if (comment === undefined) throw new Error(`The setting ${name} has no comment`);
  return comment
    .replace(/\n\s*\*/g, " ")
    .replace(/\s+/g, " ")
    .replaceAll("|", "\\|")
    .trim()
    .replace(/\.$/, "");
}

function table(): string {
  const presets = presetNames.map((name) => resolveSettings(name));
  const rows = Object.keys(presets[0]!).map((name) => {
    const values = presets.map((preset) => String(preset[name as keyof typeof preset]).replaceAll(",", ", "));
    return `| \`${name}\` | ${meaning(name)} | ${values.join(" | ")} |`;
  });
  const header = `| name | meaning | ${presetNames.map((name) => `\`${name}\``).join(" | ")} |`;
  return [header, `|---|---|${"---|".repeat(presetNames.length)}`, ...rows].join("\n");
}

it("docs/method.md has the table of settings as the code has them: paste what is expected", () => {
  const [found] = docs.match(/^\| name \| meaning \|.*(?:\n\|.*)*/m) ?? [];
  expect(found).toBe(table());
});
