/** The software GPU (SwiftShader) that comes with Chromium: Mesa's is refused by ONNX Runtime. */
import { existsSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const USUAL = ["/usr/lib/chromium", "/usr/lib/chromium-browser", "/opt/google/chrome"];

/**
 * Environment of a program that finds no other GPU; `undefined` where Chromium, or its Vulkan, is not to be had. `npm test`
 * installs it where it can.
 */
export function softwareGPU(): NodeJS.ProcessEnv | undefined {
  const folder = [...USUAL, ...ownFolder()].find(
    (path) => existsSync(join(path, "vk_swiftshader_icd.json")) && existsSync(join(path, "libvulkan.so.1")),
  );
  if (folder === undefined) return undefined;
  const driver = join(folder, "vk_swiftshader_icd.json");
  return {
    ...process.env,
    // Chromium's own Vulkan loader: nothing else needs to be installed.
    LD_LIBRARY_PATH: folder,
    VK_ICD_FILENAMES: driver,
    VK_DRIVER_FILES: driver,
    XDG_RUNTIME_DIR: tmpdir(),
  };
}

function ownFolder(): string[] {
  const named = process.env["CHROMIUM"];
  return named !== undefined && existsSync(named) ? [dirname(realpathSync(named))] : [];
}
