// Platforms that an extension package can be made for: where ONNX Runtime and sharp both ship native code.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../set-up.mjs";

const NAMES = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64", "win32-arm64"];

/** Folder of ONNX Runtime's native files, below the installed packages. */
export function runtimeFolder(target) {
  return join("onnxruntime-node/bin/napi-v6", ...target.split("-"));
}

/** Those of the known targets that this ONNX Runtime has files for. */
export function availableTargets() {
  return NAMES.filter((name) => existsSync(join(root, "node_modules", runtimeFolder(name))));
}

/** This machine's. */
export function ownTarget() {
  return `${process.platform}-${process.arch}`;
}

/**
 * @param {readonly string[]} asked target names, `all`, or none for this machine's
 * @throws {RangeError} for a target that cannot be made
 */
export function chosenTargets(asked) {
  const available = availableTargets();
  if (asked.includes("all")) return available;
  for (const name of asked) {
    if (!available.includes(name))
      throw new RangeError(
        `No package can be made for "${name}": expected one of ${available.join(", ")} (what ONNX Runtime ships)`,
      );
  }
  return asked.length > 0 ? asked : [ownTarget()];
}
