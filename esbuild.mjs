// Builds what runs: the SDK, its worker, the command line, and the extension with its engine process and page. Native
// packages stay outside the bundles.
import { readdir, rm } from "node:fs/promises";
import { build } from "esbuild";

// Only the bundles: dist/types is the type checker's.
for (const name of await readdir("dist").catch(() => [])) {
  if (name !== "types") await rm(`dist/${name}`, { recursive: true, force: true });
}

const common = {
  outdir: "dist",
  bundle: true,
  sourcemap: true,
  legalComments: "none",
  logLevel: "warning",
};

// What runs on Node.
await build({
  ...common,
  entryPoints: {
    sdk: "src/sdk/mod.ts",
    "mask-worker": "src/engine/mask-worker.ts",
    cli: "src/cli/bin.ts",
    engine: "src/processes/engine/main.ts",
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
await build({
  ...common,
  entryPoints: { extension: "src/extension/main.ts" },
  outExtension: { ".js": ".cjs" },
  format: "cjs",
  platform: "node",
  target: "node20",
  external: ["vscode"],
});

// The page.
await build({
  ...common,
  entryPoints: { preview: "src/webview/preview.ts" },
  outdir: "dist/webview",
  format: "esm",
  platform: "browser",
  target: "chrome120",
  minify: true,
});
