// Builds what runs: the SDK, its worker, the command line. Native packages stay outside the bundles.
import { readdir, rm } from "node:fs/promises";
import { build } from "esbuild";

// Only the bundles: dist/types is the type checker's.
for (const name of await readdir("dist").catch(() => [])) {
  if (name !== "types") await rm(`dist/${name}`, { recursive: true, force: true });
}

await build({
  entryPoints: {
    sdk: "src/sdk/mod.ts",
    "mask-worker": "src/engine/mask-worker.ts",
    cli: "src/cli/bin.ts",
  },
  outdir: "dist",
  bundle: true,
  // One copy of shared code: error classes and caches must be the same object for every entry.
  splitting: true,
  chunkNames: "chunk-[hash]",
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  sourcemap: true,
  legalComments: "none",
  logLevel: "warning",
});
