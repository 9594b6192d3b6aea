/**
 * The package as `npm pack` makes it, used from an empty folder in every runtime. There is no network: the packed files
 * are laid out as an install would, and the packages that package.json names are linked from this project, so that what
 * is missing from the package, or needed without being named, is missed. That npm can fetch those packages is not tested.
 */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newerNode } from "../processes/kernel/kernel-build.ts";

const project = join(import.meta.dirname, "../..");
const built = existsSync(join(project, "dist/sdk.js"));
if (!built) console.log("The packed SDK is not tested: dist/ is not built (npm run build)");
if (newerNode === undefined)
  console.log("The packed SDK is not tested on Node 24: no such Node in .cache/vscode-host");

const script = `import { refine, sharedRefiner } from "samrefiner";
const { masks, regions } = await refine("photo.jpg", "mask.png", { preset: "fast" });
await masks[0].save("refined.png", { overwrite: true });
await (await sharedRefiner()).close();
console.log(regions[0].verdict);
`;

let home = "";
beforeAll(() => {
  if (!built) return;
  home = mkdtempSync(join(tmpdir(), "samrefiner-packed-"));
  const { stdout } = spawnSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", home], {
    cwd: project,
    encoding: "utf8",
  });
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf("["))) as [{ filename: string }];
  layOut(join(home, filename));
  copyFileSync(join(project, "examples/sample/photo.jpg"), join(home, "photo.jpg"));
  copyFileSync(join(project, "examples/sample/mug_coarse.png"), join(home, "mask.png"));
  writeFileSync(join(home, "script.mjs"), script);
});
afterAll(() => home !== "" && rmSync(home, { recursive: true, force: true }));

function layOut(tarball: string): void {
  const own = join(home, "node_modules/samrefiner");
  mkdirSync(own, { recursive: true });
  spawnSync("tar", ["-xzf", tarball, "-C", own, "--strip-components=1"]);
  const { dependencies } = JSON.parse(readFileSync(join(own, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    const link = join(home, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(project, "node_modules", name), link, "junction");
  }
  writeFileSync(
    join(home, "package.json"),
    JSON.stringify({ type: "module", dependencies: { samrefiner: "*" } }),
  );
}

function run(command: string, args: readonly string[]): { status: number | null; out: string; err: string } {
  const env = {
    ...process.env,
    DENO_NO_UPDATE_CHECK: "1",
    DENO_DIR: join(project, ".cache/deno"),
    SAMREFINER_CACHE: join(home, "cache"),
  };
  const { status, stdout, stderr } = spawnSync(command, [...args, "script.mjs"], {
    cwd: home,
    encoding: "utf8",
    env,
  });
  return { status, out: stdout.trim(), err: stderr };
}

const deno = join(project, "node_modules/.bin/deno");

it.skipIf(!built).each([
  ["this Node", process.execPath, []],
  ["a newer Node", newerNode, []],
  ["Deno", deno, ["run", "-A", "--node-modules-dir=manual"]],
] as const)("%s", (_, command, args) => {
  if (command === undefined) return;
  const { status, out, err } = run(command, args);
  expect([status, out, err]).toEqual([0, "refined", expect.not.stringContaining("Error")]);
  expect(readFileSync(join(home, "refined.png")).subarray(1, 4).toString()).toBe("PNG");
  rmSync(join(home, "refined.png"));
});

it.skipIf(!built)("it holds what scripts and the command line need, and nothing of the extension", () => {
  const own = join(home, "node_modules/samrefiner");
  const files = readdirSync(join(own, "dist"), { recursive: true, encoding: "utf8" });
  expect(
    files.filter((path) => /kernel|webview|extension|plugin|engine(-worker)?\.js|\.map$/.test(path)),
  ).toEqual([]);
  expect(files).toEqual(expect.arrayContaining(["sdk.js", "cli.js", "model-worker.js"]));
  const { status, stdout } = spawnSync(process.execPath, [join(own, "dist/cli.js"), "--version"], {
    encoding: "utf8",
  });
  expect([status, stdout.trim()]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
});

it.skipIf(!built)("its types are complete", () => {
  const code = `import { refine } from "samrefiner";\nexport const done: Promise<number> = refine("a", "b").then(({ width }) => width);\n`;
  writeFileSync(join(home, "types.mts"), code);
  const flags = [
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--target",
    "es2023",
    "--lib",
    "es2023,esnext.disposable,dom",
  ];
  const types = ["--types", "node", "--typeRoots", join(project, "node_modules/@types")];
  const { stdout } = spawnSync(join(project, "node_modules/.bin/tsc"), [...flags, ...types, "types.mts"], {
    cwd: home,
    encoding: "utf8",
  });
  expect(stdout).toBe("");
});
