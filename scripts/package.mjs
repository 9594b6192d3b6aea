// `npm run package [-- --target linux-x64 | all]`: the extension as a .vsix file per platform, in dist-vsix/.
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { bin, build, install, must } from "./set-up.mjs";

install();
// Only now: what these need was not there before.
const { chosenTargets } = await import("./package/targets.mjs");
const { stage } = await import("./package/stage.mjs");
const { pack } = await import("./package/pack.mjs");

try {
  const { values } = parseArgs({ options: { target: { type: "string", multiple: true, default: [] } } });
  const targets = chosenTargets(values.target);
  build();
  must(bin("tsc"), ["-p", "tsconfig.types.json"], "The declarations");
  for (const target of targets) {
    const { path, size } = pack(await stage(target), target);
    console.log(`${relative(process.cwd(), path)}  ${(size / 1e6).toFixed(1)} MB`);
  }
} catch (error) {
  console.error(error instanceof RangeError || error instanceof TypeError ? error.message : error);
  process.exitCode = 1;
}
