// Resident memory over many refinements in one process: a small photo, its embedding cached.
// node bench/memory.mjs [refinements] [preset]; needs `npm run build`
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRefiner } from "../dist/sdk.js";
import { scene, shiftedMasks } from "./scene.mjs";

const count = Number(process.argv[2] ?? 10_000);
const preset = process.argv[3] ?? "default";
const EARLY = 100;
const cacheDir = await mkdtemp(join(tmpdir(), "samrefiner-memory-"));
const picture = await scene(160);
const masks = await shiftedMasks(picture, 8);
const refiner = await createRefiner({ cacheDir, device: "cpu" });
const step = Math.max(1, Math.floor(count / 20));
let early = 0;
console.log(`preset ${preset}`);
console.log("refinements   resident MB   heap MB");
for (let i = 1; i <= count; i++) {
  const result = await refiner.refine({ image: picture.photo, mask: masks[i % masks.length] }, { preset });
  result.toPNG();
  if (i === EARLY) early = resident();
  if (i === EARLY || i % step === 0) tell(i);
}
console.log(`at the end ${(100 * (resident() / early - 1)).toFixed(1)} % more than after ${EARLY}`);
await refiner.close();
await rm(cacheDir, { recursive: true, force: true });

function resident() {
  return process.memoryUsage.rss();
}

function tell(done) {
  const heap = process.memoryUsage().heapUsed / 1e6;
  console.log(
    `${String(done).padStart(11)} ${(resident() / 1e6).toFixed(0).padStart(13)} ${heap.toFixed(0).padStart(9)}`,
  );
}
