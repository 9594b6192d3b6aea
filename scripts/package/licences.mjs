// Whose code the package holds, under which licence.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../set-up.mjs";
import { readManifest } from "./needed-packages.mjs";

/** Names of files with licences and notices. */
export const LICENCES = /^(licen[cs]e|copying|notice|third.?party.?(notices|licenses)?)/i;
/** Of these the licence alone. */
const LICENCE = /^(licen[cs]e|copying)/i;

/**
 * A section for the notices.
 *
 * @param {readonly string[]} shipped folders of packages that lie in the package with their own licence files
 */
export function licenceSection(shipped) {
  const bundled = JSON.parse(readFileSync(join(root, "dist/bundled-packages.json"), "utf8"));
  return `
## Packages inside
In \`node_modules\`, with their licences where they came with one:

${[...shipped].map((folder) => `- ${titleOf(folder)}`).join("\n")}

In the programs below \`dist\`:

${bundled.map((folder) => `### ${titleOf(folder)}\n${textOf(folder)}`).join("\n")}`;
}

/** For example `` `saxes` 6.0.0, ISC, https://…``. */
function titleOf(folder) {
  const { name, version, license, repository, author } = readManifest(folder);
  const where = typeof repository === "string" ? repository : repository?.url;
  const who = typeof author === "string" ? author : author?.name;
  return [`\`${name}\` ${version}`, license, who, where].filter((part) => part !== undefined).join(", ");
}

function textOf(folder) {
  const name = readdirSync(join(root, folder)).find((file) => LICENCE.test(file));
  if (name === undefined) return "";
  const text = readFileSync(join(root, folder, name), "utf8")
    .replaceAll("\r\n", "\n")
    .trim();
  return `\n\`\`\`\n${text}\n\`\`\`\n`;
}
