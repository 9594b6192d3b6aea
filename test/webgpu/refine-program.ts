/**
 * A whole refinement on WebGPU, as a caller asks for it: the device's self-test, encoder, decoder, and the method between them;
 * beside the same on the CPU. A program of its own, because a driver that crashes takes its process along. Prints one JSON object.
 */
import { createRefiner, type LabelMap, type RefineResult } from "../../src/sdk/mod.ts";

const [, , image, mask] = process.argv as [string, string, string, string];
/** One decode: on a software GPU each takes half a minute. */
const settings = { iterations: 1, growth: "none" } as const;
const notices: string[] = [];

const expected = await refineOn("cpu");
const started = performance.now();
const found = await refineOn("webgpu");
const [cpu, gpu] = [expected, found].map(({ masks }) => masks[0]!.map) as [LabelMap, LabelMap];
const changed = expected.masks[0]!.changes();
const report = {
  ms: performance.now() - started,
  device: found.device,
  notices,
  verdicts: [expected, found].map(({ regions }) => regions[0]!.verdict),
  encoderRuns: found.timings.encoderRuns,
  /** Pixels of the two masks that differ, and that the refinement changed. */
  differing: differing(cpu, gpu),
  changed: changed.added + changed.removed,
};
await new Promise((resolve) => process.stdout.write(`${JSON.stringify(report)}\n`, resolve));
process.exit(0);

async function refineOn(device: "cpu" | "webgpu"): Promise<RefineResult> {
  const onNotice = (notice: string): number => notices.push(notice);
  const refiner = await createRefiner({ device, cacheDir: null, onNotice });
  return refiner.refine({ image, mask }, { settings });
}

function differing(a: LabelMap, b: LabelMap): number {
  let count = 0;
  for (let i = 0; i < a.data.length; i++) if (a.data[i] !== b.data[i]) count++;
  return count;
}
