// Writes docs/api/reference.md from the SDK's doc comments; with --check it only tells whether that file is up to date.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { bin, root } from "./set-up.mjs";

const path = `${root}docs/api/reference.md`;

/** What `deno doc` says, an entry a symbol. */
function entries() {
  const { status, stdout, stderr } = spawnSync(bin("deno"), ["doc", "src/sdk/mod.ts"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", DENO_DIR: `${root}.cache/deno` },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .split(/^Defined in .*$/m)
    .slice(1)
    .map((text) => text.trim().replace(/[ \t]+$/gm, ""));
}

const groups = [
  ["Functions", /^(async )?function\*? (\w+)/],
  ["Values", /^(const) (\w+)/],
  ["Classes", /^(abstract )?class (\w+)/],
  ["Interfaces", /^(interface) (\w+)/],
  ["Types", /^(type) (\w+)/],
];

/** Overloads stay together; signatures are shown as they are, examples keep their fences. */
function page() {
  const all = entries();
  const sections = groups.map(([title, pattern]) => {
    const own = all.flatMap((text) => {
      const name = text.match(pattern)?.[2];
      return name === undefined ? [] : [`### ${name}\n\n\`\`\`\`text\n${text}\n\`\`\`\`\n`];
    });
    return `## ${title}\n\n${own.join("\n")}`;
  });
  const lost = all.filter((text) => !groups.some(([, pattern]) => pattern.test(text)));
  if (lost.length > 0) throw new Error(`No group for ${lost.map((text) => text.split("\n")[0]).join("; ")}`);
  const head =
    "# SDK reference\n\nWritten by `node scripts/api-reference.mjs` from the doc comments in `src`; not edited by hand.";
  return `${[head, ...sections].join("\n\n")}`.replaceAll(/\n{3,}/g, "\n\n");
}

const text = page();
if (process.argv.includes("--check")) {
  const same = existsSync(path) && readFileSync(path, "utf8") === text;
  console.log(
    same
      ? "docs/api/reference.md is up to date"
      : "docs/api/reference.md is old: node scripts/api-reference.mjs writes it",
  );
  process.exitCode = same ? 0 : 1;
} else {
  mkdirSync(`${root}docs/api`, { recursive: true });
  writeFileSync(path, text);
}
