// IoU adaption against ground truth: adaptors trained on one half's coarse masks, tested on the other half, both ways.
// Halves share no photo and no video sequence. Prints the table of docs/benchmarks.md, keeps it in bench/results.
// node bench/adaption.mjs manifest.json [preset…]; needs `npm run build`
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createRefiner, selectToken } from "../dist/sdk.js";

const [manifest, ...wanted] = process.argv.slice(2);
if (manifest === undefined) {
  console.error("usage: node bench/adaption.mjs manifest.json [preset…]");
  process.exit(2);
}
const presets = wanted.length > 0 ? wanted : ["paper", "default"];
const root = dirname(resolve(manifest));
const entries = JSON.parse(readFileSync(manifest, "utf8")).filter(({ kind }) => kind !== "semantic");

/** What must not lie in both halves: a video sequence, else a photo. */
const groupOf = ({ id, image, sequence }) => `${id.split("_")[0]}/${sequence ?? image}`;

/** Sequences and photos in turn, source by source. */
function halves() {
  const groups = [...new Set(entries.map(groupOf))].sort();
  const side = new Map(groups.map((group, i) => [group, i % 2]));
  return [0, 1].map((wantedSide) => entries.filter((entry) => side.get(groupOf(entry)) === wantedSide));
}

/** A data set of a half's photos and coarse masks; their ground truth is no part of it. */
function planOf(half) {
  const works = new Map();
  for (const { image, coarse } of half) {
    const work = works.get(image) ?? { key: image, photo: join(root, image), targets: [] };
    work.targets.push({
      kind: "labels",
      path: join(root, coarse),
      relative: coarse,
      mode: "instance",
      siblings: [],
    });
    works.set(image, work);
  }
  return { root, works: [...works.values()], refused: [], notes: [] };
}

function subManifest(name, half) {
  const folder = join(tmpdir(), `samrefiner-adaption-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  const place = (file) => resolve(root, file);
  const list = half.map((entry) => ({
    ...entry,
    image: place(entry.image),
    coarse: place(entry.coarse),
    gt: place(entry.gt),
  }));
  writeFileSync(path, JSON.stringify(list));
  return path;
}

const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
const percent = (share) => (100 * share).toFixed(1);

/** Top-1 accuracy and IoU with the ground truth of what a policy chooses in one decode. */
function judge(lists, policy) {
  const chosen = lists.map((list) => selectToken(list, { selection: policy, agreement: 0 }));
  const best = lists.map((list) => Math.max(...list.map(({ truthIoU }) => truthIoU)));
  return {
    top1: mean(chosen.map(({ truthIoU }, i) => (truthIoU >= best[i] ? 1 : 0))),
    iou: mean(chosen.map(({ truthIoU }) => truthIoU)),
    best: mean(best),
  };
}

const policies = ["predicted-iou", "adapted", "stability", "combined", "coarse-iou"];

/** One decode of all the preset's prompts and no gate: what every policy has to choose from. */
const ONE_DECODE = { iterations: 1, growth: "none", gate: "none", edges: "none", selection: "predicted-iou" };

async function oneWay(refiner, name, train, test, preset) {
  console.error(`${name}, ${preset}: training on ${train.length} masks, testing on ${test.length}`);
  const options = { name, preset, mode: "instance" };
  const {
    adaptor,
    recommendation,
    before,
    after,
    photos,
    policies: heldOut,
  } = await refiner.adapt(planOf(train), options);
  const path = subManifest(name, test);
  const decodes = await refiner.benchmark(path, { preset, settings: ONE_DECODE, adaptor, candidates: true });
  const lists = decodes.entries.map(({ candidates }) => candidates).filter((list) => list !== undefined);
  return {
    ...{ train: train.length, test: test.length, decodes: lists.length },
    report: { photos, before, after, policies: heldOut, recommendation },
    choices: Object.fromEntries(policies.map((policy) => [policy, judge(lists, policy)])),
    plain: endOf(await refiner.benchmark(path, { preset })),
    adapted: endOf(await refiner.benchmark(path, { preset, adaptor })),
  };
}

/** Mean IoU and boundary IoU, and entries that lost more than a point of IoU. */
const endOf = ({ entries: list }) => ({
  iou: mean(list.map(({ refinedIoU }) => refinedIoU)),
  boundaryIoU: mean(list.map(({ refinedBoundaryIoU }) => refinedBoundaryIoU)),
  worse: list.filter(({ worse }) => worse).length,
});

const summary = ({ iou, boundaryIoU, worse }) => `${percent(iou)} / ${percent(boundaryIoU)}, ${worse} worse`;

const figures = ({ top1, coarseIoU }) => `${percent(top1)} % / ${percent(coarseIoU)}`;

function table(preset, ways) {
  const rows = [
    [`\`${preset}\`: choice in one decode`, ...ways.map(({ name }) => name)],
    ["---", ...ways.map(() => "---")],
    ...policies.map((policy) => [
      policy,
      ...ways.map(({ choices }) => `${percent(choices[policy].top1)} %, IoU ${percent(choices[policy].iou)}`),
    ]),
    ["best of the three", ...ways.map(({ choices }) => `IoU ${percent(choices.adapted.best)}`)],
    ["whole method, without", ...ways.map(({ plain }) => summary(plain))],
    ["whole method, with", ...ways.map(({ adapted }) => summary(adapted))],
    [
      "held out: coarse IoU",
      ...ways.map(({ report }) => `${figures(report.before)} → ${figures(report.after)}`),
    ],
    [
      "recommended",
      ...ways.map(
        ({ report: { recommendation } }) => `${recommendation.use ? "yes" : "no"}: ${recommendation.reason}`,
      ),
    ],
  ];
  return rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const file = fileURLToPath(new URL("results/adaption.json", import.meta.url));
const kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { presets: {} };
const refiner = await createRefiner();
const [first, second] = halves();
for (const preset of presets) {
  const ways = [
    { name: "first half → second", ...(await oneWay(refiner, "first", first, second, preset)) },
    { name: "second half → first", ...(await oneWay(refiner, "second", second, first, preset)) },
  ];
  kept.model = refiner.model;
  kept.presets[preset] = ways;
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  console.log(`${table(preset, ways)}\n`);
}
await refiner.close();
