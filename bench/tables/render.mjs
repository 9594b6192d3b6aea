// Writes the tables and figures that are measured into docs/benchmarks.md.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  ablationRows,
  adaptedId,
  boxRows,
  iterationCounts,
  iterationId,
  methodRows,
  onSet,
  pointRows,
  promptRows,
  splitRows,
  sweepId,
  sweeps,
} from "./jobs.mjs";
import * as published from "./paper.mjs";
import { lineChart } from "./plot.mjs";
import { selections, summary } from "./results.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const pictures = "pictures/benchmarks/";
const BEGIN = "<!-- tables: written by node bench/tables.mjs -->";
const END = "<!-- end of tables -->";

/** Everything between the two marks of the document. */
export function writeDocs() {
  const file = `${root}docs/benchmarks.md`;
  const docs = readFileSync(file, "utf8");
  const [from, to] = [docs.indexOf(BEGIN), docs.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${file} has no place for tables: expected ${BEGIN} and ${END}`);
  mkdirSync(`${root}docs/${pictures}`, { recursive: true });
  const parts = [
    table1(),
    table2a(),
    table2b(),
    table2c(),
    table5(),
    ablation(),
    presets(),
    ...figures(),
  ].filter((part) => part !== undefined);
  writeFileSync(file, `${docs.slice(0, from + BEGIN.length)}\n${parts.join("\n\n")}\n${docs.slice(to)}`);
}

const one = (value) => (value === undefined ? "–" : value.toFixed(1));
const pair = (result) => (result === undefined ? "–" : `${one(result.iou)} / ${one(result.boundary)}`);
const withWorse = (result) =>
  result === undefined ? "–" : `${pair(result)}, ${result.worse} of ${result.entries}`;

function table(heading, columns, rows) {
  const shown = rows.filter((row) => row.slice(1, -1).some((cell) => cell !== "–"));
  if (shown.length === 0) return undefined;
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [`### ${heading}`, line(columns), line(columns.map(() => "---")), ...shown.map(line)].join("\n");
}

function table1() {
  const rows = promptRows.map(({ label, id }) => {
    const chosen = selections(id);
    return [
      label,
      pair(summary(id)),
      ...[chosen?.top1, chosen?.top1Stability, chosen?.top1Coarse, chosen?.oracle].map(one),
      pair(summary(adaptedId(id))),
      one(selections(adaptedId(id))?.top1Adapted),
      one(published.table1[label]),
    ];
  });
  return table(
    "Table 1: prompts",
    [
      "prompts",
      "IoU / boundary IoU",
      "top-1 by predicted IoU",
      "by stability",
      "by coarse IoU",
      "IoU of the best token",
      "with IoU adaption",
      "top-1 with it",
      "paper: IoU",
    ],
    rows,
  );
}

function table2a() {
  const names = {
    random: "random foreground pixel",
    "box-centre": "centre of the box",
    distance: "most inner pixel",
  };
  const rows = Object.entries(names).map(([strategy, label]) => {
    const [alone, all] = ["alone", "all"].map((others) =>
      pair(summary(pointRows.find((row) => row.strategy === strategy && row.others === others).id)),
    );
    return [label, alone, all, one(published.table2a[strategy])];
  });
  return table(
    "Table 2a: the positive point",
    ["positive point", "nothing else", "with all prompts", "paper: IoU"],
    rows,
  );
}

function table2b() {
  const rows = boxRows.map(({ label, id }) => [label, withWorse(summary(id)), one(published.table2b[label])]);
  return table("Table 2b: the elastic box", ["prompts", "IoU / boundary IoU, worse", "paper: IoU"], rows);
}

function table2c() {
  const rows = splitRows.map(({ label, id }) => [
    label,
    withWorse(summary(onSet(id, "semantic"))),
    one(published.table2c[label]),
  ]);
  return table(
    "Table 2c: split-then-merge, label maps",
    ["regions", "IoU / boundary IoU, worse", "paper: mIoU"],
    rows,
  );
}

function table5() {
  const sets = ["simulated", "davis"];
  const coarse = sets.map((set) => {
    const result = summary(onSet("prompts-point-box-mask", set));
    return result === undefined ? "–" : `${one(result.coarseIoU)} / ${one(result.coarseBoundary)}`;
  });
  const rows = methodRows.map(({ label, id }) => [
    label,
    ...sets.map((set) => withWorse(summary(onSet(id, set)))),
    one(published.table5[label]),
  ]);
  return table(
    "Tables 5 and 7: methods",
    [
      "method",
      "simulated defects: IoU / boundary IoU, worse",
      "real masks of DAVIS",
      "paper: IoU, DAVIS-585",
    ],
    [["coarse masks", ...coarse, one(published.table5.coarse)], ...rows],
  );
}

/** Simulated defects, then real masks by kind and source. */
const ablationGroups = {
  simulated: "simulated",
  "instance/davis": "DAVIS",
  "instance/mrcnn": "Mask R-CNN",
  "instance/balloon": "balloons",
  highres: "highres",
  semantic: "label maps",
};

function ablation() {
  const rows = ablationRows.map(({ label, id, set }) => [
    label,
    ...Object.keys(ablationGroups).map((group) => {
      const result = set === "everything" ? summary(id, group) : group === set ? summary(id) : undefined;
      return result === undefined ? "–" : `${pair(result)}, ${result.worse}`;
    }),
    // A last cell that does not decide whether the row is shown.
    "",
  ]);
  const columns = ["switched off", ...Object.values(ablationGroups), ""].map(String);
  const shown = table("What each part of `default` brings", columns, rows);
  return shown?.replaceAll(/ \| {2}\|$/gm, " |").replaceAll(/ \| --- \|$/gm, " |");
}

/** Quality of our presets against the time they take. */
function presets() {
  const file = `${root}bench/results/presets.json`;
  if (!existsSync(file)) return undefined;
  const { masks, presets: cost } = JSON.parse(readFileSync(file, "utf8"));
  const { reports } = JSON.parse(readFileSync(`${root}bench/results/quality.json`, "utf8"));
  const names = Object.keys(cost).filter((name) => reports[name] !== undefined);
  const objects = (name) => {
    const { instance, highres } = reports[name].groups;
    const entries = instance.entries + highres.entries;
    const mean = (key) => (instance[key] * instance.entries + highres[key] * highres.entries) / entries;
    return {
      iou: 100 * mean("refinedIoU"),
      boundary: 100 * mean("refinedBoundaryIoU"),
      worse: Math.round(mean("worse") * entries),
      entries,
    };
  };
  const rows = names.map((name) => [
    `\`${name}\``,
    `${cost[name].time.toFixed(2)} ×`,
    `${cost[name].again.toFixed(2)} ×`,
    withWorse(objects(name)),
    pair(summary(`method-${name}`)),
  ]);
  const columns = ["preset", "time, a new photo", "time, embedding known", "objects", "simulated defects"];
  const chart = figure("quality-and-time", {
    title: "Quality against time, a new photo",
    xLabel: "preset (time against fast)",
    yLabel: "IoU, boundary IoU, %",
    places: names.map((name) => `${name} (${cost[name].time.toFixed(1)})`),
    series: [
      { label: "IoU", values: names.map((name) => objects(name).iou) },
      { label: "boundary IoU", values: names.map((name) => objects(name).boundary) },
    ],
  });
  const body = table("Presets: quality against time", columns, rows);
  const note = `Times are medians over ${masks} masks of DAVIS, against \`fast\` on a new photo, measured in turns in one run.`;
  return [body, note, chart].join("\n\n");
}

function figures() {
  const iou = (id) => summary(id)?.iou;
  const chosen = promptRows.map(({ id }) => selections(id));
  const selection = figure("figure-5", {
    title: "Figure 5: which token is taken",
    xLabel: "prompts",
    yLabel: "IoU, %",
    places: promptRows.map(({ label }) =>
      label.replaceAll("point", "P").replaceAll("box", "B").replaceAll("mask", "M"),
    ),
    series: [
      { label: "predicted IoU", values: chosen.map((row) => row?.predicted) },
      { label: "stability", values: chosen.map((row) => row?.stability) },
      { label: "coarse IoU", values: chosen.map((row) => row?.coarse) },
      { label: "best of three", values: chosen.map((row) => row?.oracle) },
    ],
  });
  const cascade = figure("figure-7", {
    title: "Figures 7a and 7b: iterations, and what the mask prompt is",
    xLabel: "cascade iterations",
    yLabel: "IoU, %",
    places: iterationCounts,
    series: [
      { label: "Gaussian mask", values: iterationCounts.map((count) => iou(iterationId(count, false))) },
      { label: "logits fed back", values: iterationCounts.map((count) => iou(iterationId(count, true))) },
    ],
  });
  const names = {
    omega: "ω: amplitude of the mask prompt",
    gamma: "γ: its width",
    lambda: "λ of the elastic box",
  };
  const settings = Object.entries(sweeps).map(([name, values]) =>
    figure(`figure-9-${name}`, {
      title: `Figure 9: ${names[name]}`,
      xLabel: { omega: "ω", gamma: "γ", lambda: "λ" }[name],
      yLabel: "IoU, %",
      places: values,
      series: [
        { label: "IoU", values: values.map((value) => iou(sweepId(name, value))) },
        { label: "boundary IoU", values: values.map((value) => summary(sweepId(name, value))?.boundary) },
      ],
    }),
  );
  const shown = [selection, cascade, ...settings].filter((part) => part !== undefined);
  return shown.length === 0 ? [] : ["### Figures 5, 7 and 9", ...shown];
}

/** Writes a chart and gives the line that shows it. */
function figure(name, chart) {
  // A line needs two points.
  const drawn = chart.series.some(({ values }) => values.filter((value) => value !== undefined).length > 1);
  if (!drawn) return undefined;
  const svg = lineChart(chart);
  writeFileSync(`${root}docs/${pictures}${name}.svg`, svg);
  return `![${chart.title}](${pictures}${name}.svg)`;
}
