// A staged folder as a .vsix file.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { bin, root } from "../set-up.mjs";

/** Bytes that a package may have, so that installing it stays a matter of seconds. */
const LIMITS = { "linux-x64": 80_000_000 };
/** The same bytes from the same sources, whenever it is packed. */
const TIME = "1700000000";

/**
 * @returns {{ path: string, size: number }}
 * @throws {Error} when vsce refuses the folder, or the package is larger than its platform's limit
 */
export function pack(folder, target) {
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  mkdirSync(join(root, "dist-vsix"), { recursive: true });
  const path = join(root, "dist-vsix", `${name}-${target}-${version}.vsix`);
  // Nothing is published from here, so links need no address of a repository.
  const links = ["--allow-missing-repository", "--no-rewrite-relative-links"];
  const { status, stdout, stderr } = spawnSync(
    bin("vsce"),
    ["package", "--target", target, "--out", path, ...links],
    {
      cwd: folder,
      env: { ...process.env, SOURCE_DATE_EPOCH: TIME },
      encoding: "utf8",
      shell: process.platform === "win32",
    },
  );
  if (status !== 0) throw new Error(`vsce could not make ${path}:\n${stdout}${stderr}`);
  const { size } = statSync(path);
  const limit = LIMITS[target] ?? Number.POSITIVE_INFINITY;
  if (size > limit) throw new Error(`${path} has ${size} bytes: expected at most ${limit}`);
  return { path, size };
}
