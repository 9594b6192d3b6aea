// ONNX Runtime's native files for a target.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../set-up.mjs";
import { runtimeFolder } from "./targets.mjs";

/** What its install script may have downloaded: CUDA's providers are ten times the size of everything else. */
const DOWNLOADED = /providers_(cuda|tensorrt|shared)/;

/** @returns {string[]} paths below the checkout */
export function runtimeFiles(target) {
  const folder = join("node_modules", runtimeFolder(target));
  const names = readdirSync(join(root, folder)).filter((name) => !DOWNLOADED.test(name));
  const contents = new Map(names.map((name) => [name, readFileSync(join(root, folder, name))]));
  const binding = contents.get("onnxruntime_binding.node");
  // npm has no links: where a library comes under several names, only the one that the binding asks for is loaded.
  const copies = (name) => names.filter((other) => contents.get(other).equals(contents.get(name)));
  const isLoaded = (name) => copies(name).length === 1 || binding.includes(`${name}\0`);
  return names.filter(isLoaded).map((name) => join(folder, name));
}
