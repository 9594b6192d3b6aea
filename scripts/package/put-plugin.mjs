// The package that TypeScript's server looks for below an extension's node_modules/: a name for dist/typescript-plugin.cjs.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const NAME = "samrefiner-typescript-plugin";

/** @param {string} folder of the extension */
export async function putPlugin(folder) {
  const own = join(folder, "node_modules", NAME);
  const manifest = { name: NAME, version: "0.0.0", private: true, main: "../../dist/typescript-plugin.cjs" };
  await mkdir(own, { recursive: true });
  await writeFile(join(own, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
