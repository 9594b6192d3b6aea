// The entries that tables are measured on: those of the manifest, and simulated defects over its pixel-accurate truth.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { simulate } from "../../dist/sdk.js";

/** Coarse masks that are made here; nothing of the data set gets into the project. */
export const simulatedFolder = fileURLToPath(new URL("../../.cache/tables/simulated/", import.meta.url));

const list = join(simulatedFolder, "entries.json");

/** The simulated set, once it is made. */
export function simulatedEntries() {
  return JSON.parse(readFileSync(list, "utf8"));
}

/** Entries by set, with absolute paths. */
export async function openSets(manifest) {
  const base = dirname(resolve(manifest));
  const absolute = (entry) => ({
    ...entry,
    ...Object.fromEntries(["image", "coarse", "gt"].map((name) => [name, resolve(base, entry[name])])),
  });
  const all = JSON.parse(readFileSync(manifest, "utf8")).map(absolute);
  const davis = all.filter(({ id }) => id.startsWith("davis_"));
  const simulated = await simulatedSet(davis);
  return {
    davis,
    simulated,
    objects: all.filter(({ kind }) => kind !== "semantic"),
    semantic: all.filter(({ kind }) => kind === "semantic"),
    everything: [...simulated.map((entry) => within("simulated", entry)), ...all.map(grouped)],
  };
}

/** Entries of a set of many kinds carry theirs in front of the id, so that their results can be told apart. */
function grouped(entry) {
  return within(`${entry.kind}/${entry.id.split("_")[0]}`, entry);
}

function within(group, entry) {
  return { ...entry, id: `${group} ${entry.id}` };
}

/** One coarse mask for every frame of DAVIS with a ground truth, seed 585. */
async function simulatedSet(davis) {
  if (existsSync(list)) return simulatedEntries();
  mkdirSync(simulatedFolder, { recursive: true });
  const frames = [...new Map(davis.map((entry) => [entry.gt, entry])).values()];
  const entries = [];
  for (const [i, { id, image, gt }] of frames.entries()) {
    const name = id.split("__")[0];
    const made = await simulate(image, gt, { seed: 585 + i });
    console.error(`${name}: ${made === undefined ? "left out" : `IoU ${made.iou.toFixed(3)}`}`);
    if (made === undefined) continue;
    const coarse = join(simulatedFolder, `${name}.png`);
    await made.save(coarse, { overwrite: true });
    entries.push({ id: `${name}__simulated`, image, gt, coarse, kind: "instance" });
  }
  writeFileSync(list, JSON.stringify(entries));
  return entries;
}
