// From a slider's movement to the refined mask being drawn, against the decoder's time in the answers that it brought.
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../test/e2e/harness/mod.ts";
import { idle } from "../../test/e2e/harness/preview-page.ts";
import { median, report, round } from "./figures.mjs";
import { inWindow, inWorkspace, refineByMouse } from "./window.mjs";

const MASKS = { mug: "mug_coarse.png", "label map": "labels_coarse.png" };
const MOVES = 5;

export async function measureSlider(session) {
  return inWorkspace(sampleMasks, (folder) =>
    inWindow(session, folder, async (page) => {
      const results = {};
      for (const [name, file] of Object.entries(MASKS)) {
        const { frame } = await refineByMouse(page, `masks/${name}.png`);
        results[name] = told(name, await moves(page, frame), file);
      }
      return results;
    }),
  );
}

async function sampleMasks(path) {
  for (const folder of ["images", "masks"]) await mkdir(path(folder));
  for (const [name, file] of Object.entries(MASKS)) {
    const sample = (own) => join(projectRoot, "examples/sample", own);
    await cp(sample("photo.jpg"), path(`images/${name}.jpg`));
    await cp(sample(file), path(`masks/${name}.png`));
  }
}

/** Moves the slider of the mask's strength to and fro; the first time warms up. */
async function moves(page, frame) {
  const runs = [];
  for (let i = 0; i <= MOVES; i++) {
    const moved = await frame.getByRole("slider", { name: "Mask strength" }).evaluate(
      (input, position) => {
        window.bench.answers.length = 0;
        input.value = position;
        const at = window.bench.now();
        input.dispatchEvent(new Event("input", { bubbles: true }));
        return at;
      },
      i % 2 === 0 ? "25" : "35",
    );
    await idle(frame);
    await page.waitForTimeout(300);
    const run = await frame.locator("canvas.canvas").evaluate((_, moved) => {
      const { answers, shownAfter } = window.bench;
      const sum = (name) => answers.reduce((total, { timings }) => total + timings[name], 0);
      const drawn = shownAfter(answers.at(-1)) - moved;
      const [first] = answers;
      return {
        ...{
          drawn,
          decode: sum("decode"),
          method: sum("method"),
          engine: sum("total"),
          requests: answers.length,
        },
        ...{
          first: shownAfter(first) - moved,
          answered: answers.at(-1).at - moved,
          runs: sum("decoderRuns"),
        },
      };
    }, moved);
    if (i > 0) runs.push(run);
  }
  return runs;
}

/** Regions in worker threads decode side by side, and times are added up: the share of the time that passed counts. */
function decoderTime({ decode, method, engine }) {
  return Math.min(decode, (engine * decode) / (decode + method));
}

function told(name, runs) {
  const of = (key) => median(runs.map((run) => run[key]));
  const note = `(${of("drawn").toFixed(0)} ms, ${of("runs")} decodes ${of("decode").toFixed(0)} ms, engine ${of("engine").toFixed(0)} ms, answered ${of("answered").toFixed(0)} ms)`;
  const ratio = median(runs.map((run) => run.drawn / decoderTime(run)));
  return {
    ratio: report(`slider to redraw / decoder, ${name}`, ratio, 1.5, { note }),
    runs: runs.map((run) =>
      Object.fromEntries(Object.entries(run).map(([key, value]) => [key, round(value)])),
    ),
  };
}
