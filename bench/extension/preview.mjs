// From the click on Refine Mask to the masks being drawn, with the engine still to be started and running already.
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { scene } from "../scene.mjs";
import { median, report, round } from "./figures.mjs";
import { inWindow, inWorkspace, refineByMouse } from "./window.mjs";

const WINDOWS = 3;
const WARM = 1;
const LOAD = fileURLToPath(new URL("./load-model.mjs", import.meta.url));

export async function measurePreview(session) {
  return inWorkspace(photosWithMugs, async (folder) => {
    const cold = [];
    const warm = [];
    const cache = await mkdtemp(join(tmpdir(), "samrefiner-bench-"));
    for (let i = 0, photo = 0; i < WINDOWS; i++) {
      const load = loadModel(cache);
      await inWindow(session, folder, async (page) => {
        cold.push(measured(await refineByMouse(page, mugOf(photo++)), load));
        for (let k = 0; k < WARM; k++) warm.push(measured(await refineByMouse(page, mugOf(photo++)), 0));
      });
    }
    await rm(cache, { recursive: true });
    return { cold: told("engine not started", cold), warm: told("engine running", warm) };
  });
}

/** Photos that differ, so that none is in the cache of embeddings. */
async function photosWithMugs(path) {
  const { photo, coarse } = await scene(1000);
  for (let i = 0; i < WINDOWS * (1 + WARM); i++) {
    await put(
      path(`images/p${i}.jpg`),
      await sharp(photo)
        .jpeg({ quality: 80 + i })
        .toBuffer(),
    );
    await put(path(mugOf(i)), coarse);
  }
}

function mugOf(photo) {
  return `masks/p${photo}.png`;
}

async function put(path, bytes) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

/** Milliseconds that a process of its own takes to open the model. */
function loadModel(cache) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [LOAD, cache], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}

function measured({ drawn, timings }, load) {
  const engine = load + timings.total;
  return { drawn: round(drawn), load: round(load), engine: round(engine), over: drawn - engine };
}

/** The limit is 1.2 times the engine's own time and a second: shares of it. */
function told(what, runs) {
  const share = ({ drawn, engine }) => drawn / (1.2 * engine + 1000);
  const { drawn, engine } = runs.find((run) => share(run) === median(runs.map(share)));
  const note = `(${drawn.toFixed(0)} ms, engine ${engine.toFixed(0)} ms)`;
  return {
    shareOfLimit: report(
      `right-click to drawn / (1.2 x engine + 1 s), ${what}`,
      drawn / (1.2 * engine + 1000),
      1,
      {
        note,
      },
    ),
    overEngine: round(median(runs.map(({ over }) => over))),
    runs: runs.map(({ over, ...run }) => run),
  };
}
