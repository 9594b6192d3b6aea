// Builds what runs: the SDK, its worker, the command line, and the extension with its engine process and page. Native
// packages stay outside the bundles.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { putPlugin } from "./scripts/package/put-plugin.mjs";

const common = {
  outdir: "dist",
  bundle: true,
  sourcemap: true,
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
};

// What runs on Node.
const node = await build({
  ...common,
  entryPoints: {
    sdk: "src/sdk/mod.ts",
    "model-worker": "src/engine/model-worker.ts",
    cli: "src/cli/bin.ts",
    engine: "src/processes/engine/main.ts",
    "engine-worker": "src/processes/engine/worker.ts",
  },
  // One copy of shared code: error classes and caches must be the same object for every entry.
  splitting: true,
  chunkNames: "chunk-[hash]",
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
});

// What VS Code loads: one file, CommonJS, because hosts of other editors know nothing else.
const host = await build({
  ...common,
  entryPoints: { extension: "src/extension/main.ts" },
  outExtension: { ".js": ".cjs" },
  format: "cjs",
  platform: "node",
  target: "node20",
  external: ["vscode"],
  plugins: [{ name: "one API", setup: ({ onEnd }) => onEnd(shareApi) }],
});

/** esbuild copies the several hundred members of VS Code's API for every file that imports it: half of the loading time. */
async function shareApi({ errors }) {
  if (errors.length > 0) return;
  const path = "dist/extension.cjs";
  const code = await readFile(path, "utf8");
  const shared = code.replaceAll(/__toESM\((require\("vscode"\))(, 1)?\)/g, "$1");
  if (shared === code) throw new Error(`${path} holds no copy of VS Code's API: has esbuild changed?`);
  await writeFile(path, shared);
}

// A notebook's kernel: small bundles, so that it starts quickly; and TypeScript, a megabyte when compressed.
const kernel = await build({
  ...common,
  entryPoints: {
    kernel: "src/processes/kernel/main.ts",
    "kernel-control": "src/processes/kernel/control.ts",
    "kernel-hooks": "src/processes/kernel/module-hooks.ts",
  },
  format: "esm",
  platform: "node",
  target: "node20",
  logOverride: { "unsupported-dynamic-import": "silent" },
  // What is CommonJS in here asks for Node's modules in its own way.
  banner: {
    js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
  },
});
const compiler = await build({
  ...common,
  entryPoints: { "kernel-compiler": "src/processes/kernel/compile/compiler.ts" },
  outExtension: { ".js": ".cjs" },
  format: "cjs",
  platform: "node",
  target: "node20",
  minify: true,
  sourcemap: false,
});

// A plugin of TypeScript's server, which looks for packages below node_modules/ and takes a function.
const plugin = await build({
  ...common,
  entryPoints: { "typescript-plugin": "src/processes/typescript-plugin/plugin.ts" },
  outExtension: { ".js": ".cjs" },
  format: "cjs",
  platform: "node",
  target: "node20",
  footer: { js: "module.exports = module.exports.default;" },
});
await putPlugin(".");

// The page: its script and its style sheet.
const page = await build({
  ...common,
  entryPoints: { preview: "src/webview/preview.ts" },
  outdir: "dist/webview",
  format: "esm",
  platform: "browser",
  target: "chrome120",
  minify: true,
});

// Whose code is inside: `npm run package` adds their licences.
const results = [node, host, kernel, compiler, plugin, page];
const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
const packages = inputs.map((path) => /^(.*\/)?node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0]);
const bundled = [...new Set(packages)].filter((path) => path !== undefined).sort();
await writeFile("dist/bundled-packages.json", JSON.stringify(bundled, null, 2));

// What an earlier build left goes last, so that a program that runs from dist/ never finds it empty; dist/types is the
// type checker's.
const made = new Set(results.flatMap(({ metafile }) => Object.keys(metafile.outputs)));
made.add("dist/bundled-packages.json");
for (const entry of await readdir("dist", { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name).replaceAll("\\", "/");
  if (entry.isFile() && !made.has(path) && !path.startsWith("dist/types/")) await rm(path);
}
