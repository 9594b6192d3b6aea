/** Importing the SDK loads no native module: that waits for the first photo and the first model. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const project = join(import.meta.dirname, "../..");
const built = existsSync(join(project, "dist/sdk.js"));
if (!built) console.log("Start-up is not tested: dist/ is not built (npm run build)");

/** Native modules of packages that are loaded after some code. */
function nativeAfter(code: string): string[] {
  const program = `${code}
const { sharedObjects } = process.report.getReport();
console.log(JSON.stringify(sharedObjects.filter((path) => path.endsWith(".node"))));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: project,
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

it.skipIf(!built)("import alone loads none, nor do plans and label masks", () => {
  const plan = `await sdk.planRun("examples/sample/mug_coarse.png", { pairing: ["{dir}/photo.jpg"] });
await sdk.readMask("examples/sample/labels_coarse.png");`;
  expect(nativeAfter(`const sdk = await import("samrefiner"); ${plan}`)).toEqual([]);
});

it.skipIf(!built)("a photo needs the image library, and only that", () => {
  const code = `const sdk = await import("samrefiner");
await sdk.prompts("examples/sample/photo.jpg", "examples/sample/mug_coarse.png");`;
  expect(nativeAfter(code)).toEqual([expect.stringContaining("sharp")]);
});
