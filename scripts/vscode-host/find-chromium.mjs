// The browser that shows VS Code: one that is installed, else Debian's.
import { findProgram } from "../find-program.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/**
 * Path of a Chromium; `CHROMIUM` names another one. Root on Debian or Ubuntu gets it installed.
 *
 * @throws {Error} when there is none
 */
export function findChromium() {
  const found = findProgram({ names: NAMES, variable: "CHROMIUM", package: "chromium" });
  if (found !== undefined) return found;
  throw new Error(
    `No browser for the tests: expected ${NAMES.join(", ")} on PATH or in CHROMIUM (Debian: apt-get install chromium)`,
  );
}
