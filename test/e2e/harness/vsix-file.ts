/** The package that `npm run package` made for this machine. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./project-root.ts";

/** @throws {Error} when it was not made */
export function vsixFile(): string {
  const { name, version } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
    name: string;
    version: string;
  };
  const target = `${process.platform}-${process.arch}`;
  const path = join(projectRoot, "dist-vsix", `${name}-${target}-${version}.vsix`);
  if (!existsSync(path)) throw new Error(`${path} is missing: run "npm run package" first`);
  return path;
}
