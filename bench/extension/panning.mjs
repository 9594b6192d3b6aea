// Frames of a photo of 24 million pixels that is dragged for three seconds. Chromium draws without a GPU here.
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import sharp from "sharp";
import { projectRoot } from "../../test/e2e/harness/mod.ts";
import { pressKey } from "../../test/e2e/harness/preview-page.ts";
import { round } from "./figures.mjs";
import { inWindow, inWorkspace, refineByMouse } from "./window.mjs";

const SIZE = { width: 6000, height: 4000 };
const DURATION = 3000;
const WINDOW = { width: 1920, height: 1080 };
/** Milliseconds between movements of the mouse, and screen pixels that it moves in one. */
const STEP_TIME = 8;
const SPEED = 1.2;

export async function measurePanning(session) {
  return inWorkspace(largePhoto, (folder) => inWindow(session, folder, bothScales, { size: WINDOW }));
}

async function bothScales(page) {
  const { frame } = await refineByMouse(page, "masks/large.png", 120_000);
  const results = {};
  for (const [name, key] of [
    ["whole photo", "f"],
    ["100 %", "0"],
  ]) {
    await pressKey(frame, key);
    await page.waitForTimeout(1000);
    results[name] = told(name, await pan(page, frame));
  }
  return results;
}

async function largePhoto(path) {
  const sample = (name) => sharp(join(projectRoot, "examples/sample", name));
  for (const file of ["images/large.jpg", "masks/large.png"])
    await mkdir(dirname(path(file)), { recursive: true });
  await sample("photo.jpg").resize(SIZE).jpeg({ quality: 92 }).toFile(path("images/large.jpg"));
  await sample("mug_coarse.png")
    .resize({ ...SIZE, kernel: "nearest" })
    .extractChannel(0)
    .png()
    .toFile(path("masks/large.png"));
}

/** One drag to and fro, downwards all the while, inside of the stage. */
async function pan(page, frame) {
  const canvas = frame.locator("canvas.canvas");
  const { x, y, width, height } = await canvas.boundingBox();
  const stroke = 0.8 * width;
  const placeAt = (time) => {
    const way = (SPEED * time) % (2 * stroke);
    const left = Math.min(way, 2 * stroke - way);
    return [x + 0.9 * width - left, y + height * (0.2 + (0.6 * time) / DURATION)];
  };
  await page.mouse.move(...placeAt(0));
  await page.mouse.down();
  await canvas.evaluate(startCounting);
  const began = performance.now();
  const sent = [];
  for (let time = 0; time < DURATION; time = performance.now() - began) {
    // A hand does not wait until it is followed.
    sent.push(page.mouse.move(...placeAt(time)));
    await sleep(STEP_TIME);
  }
  const frames = await canvas.evaluate(countFrames);
  await Promise.all(sent);
  await page.mouse.up();
  return { ...frames, sent: sent.length };
}

function startCounting(canvas) {
  const { bench } = window;
  bench.frames.length = 0;
  bench.ticks = [];
  bench.moves = 0;
  canvas.onpointermove = () => bench.moves++;
  const tick = () => {
    bench.ticks?.push(bench.now());
    if (bench.ticks) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

/** Frames that the stage was drawn in, and those that the browser offered. */
function countFrames() {
  const { bench } = window;
  const { ticks } = bench;
  bench.ticks = undefined;
  const gaps = (times) =>
    times
      .slice(1)
      .map((time, i) => time - times[i])
      .sort((a, b) => a - b);
  const drawn = bench.frames.map(({ start }) => start);
  const between = gaps(drawn);
  const work = bench.frames.map(({ start, end }) => end - start).sort((a, b) => a - b);
  return {
    seconds: (drawn.at(-1) - drawn[0]) / 1000,
    drawn: drawn.length,
    offered: ticks.length,
    moves: bench.moves,
    worstGap: between.at(-1),
    gap95: between[Math.floor(between.length * 0.95)],
    worstWork: work.at(-1),
    medianWork: work[work.length >> 1],
  };
}

function told(name, frames) {
  const { drawn, seconds, offered, worstGap, gap95, medianWork, worstWork } = frames;
  const rate = drawn / seconds;
  const ms = (value) => `${value.toFixed(0)} ms`;
  console.log(
    `  panning, ${name}: ${rate.toFixed(0)} frames a second, ` +
      `${((100 * drawn) / offered).toFixed(0)} % of those that Chromium offered; gap ${ms(worstGap)} at worst, ${ms(gap95)} for 95 %; ` +
      `work in a frame ${ms(medianWork)} (median), ${ms(worstWork)} at worst`,
  );
  return Object.fromEntries(Object.entries({ ...frames, rate }).map(([key, value]) => [key, round(value)]));
}
