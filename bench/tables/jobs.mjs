// What has to be measured for the tables and figures; the order is that of importance.

/** The paper's settings, one iteration, with single switches changed; `candidates` keeps all tokens of the decode. */
function paper(id, settings = {}, more = {}) {
  return { id, preset: "paper", settings, ...more };
}

/** Table 1: prompts alone, in pairs and together. */
export const promptRows = [
  ["point", { box: false, mask: false }],
  ["box", { point: false, negativePoint: false, mask: false }],
  ["mask", { point: false, negativePoint: false, box: false }],
  ["point + box", { mask: false }],
  ["point + mask", { box: false }],
  ["box + mask", { point: false, negativePoint: false }],
  ["point + box + mask", {}],
].map(([label, settings]) => ({ label, id: `prompts-${label.replaceAll(" + ", "-")}`, settings }));

/** The same with an IoU adaptor trained on the coarse masks of the set, which table 1 has beside them. */
export const adaptedId = (id) => `adapted-${id}`;

/** Table 2a: where the positive point is put; alone and with the other prompts. */
export const pointRows = ["random", "box-centre", "distance"].flatMap((strategy) =>
  ["alone", "all"].map((others) => ({ strategy, others, id: `points-${strategy}-${others}` })),
);

/** Table 2b: the elastic box, alone and with the other prompts. */
export const boxRows = [
  ["box alone, CEBox on", "prompts-box", {}],
  [
    "box alone, CEBox off",
    "cebox-off-box",
    { point: false, negativePoint: false, mask: false, elasticBox: false },
  ],
  ["all prompts, CEBox on", "prompts-point-box-mask", {}],
  ["all prompts, CEBox off", "cebox-off-all", { elasticBox: false }],
].map(([label, id, settings]) => ({ label, id, settings }));

/** Table 2c, on label maps. */
export const splitRows = [
  ["whole classes (no STM)", "split-none", { split: "none" }],
  ["connected parts, not merged", "split-parts", { split: "parts" }],
  ["split then merge (STM)", "split-merge", { split: "merge" }],
].map(([label, id, settings]) => ({ label, id, settings }));

/** Tables 5 and 7: other methods as they were published, and behind our gate. */
export const methodRows = [
  ["dense CRF", "method-crf", "paper", { method: "crf" }],
  ["plain SAM, tight box", "method-box", "paper", { method: "box" }],
  ["grid prompts, Max-IoU", "method-grid-max", "paper", { method: "grid-max" }],
  ["grid prompts, Merge", "method-grid-merge", "paper", { method: "grid-merge" }],
  ["SAMRefiner as in the paper", "prompts-point-box-mask", "paper", {}],
  ["the published code, its defaults", "method-reference", "reference", {}],
  ["ours, `fast`", "method-fast", "fast", {}],
  ["ours, `default`", "method-default", "default", {}],
  ["ours, `quality`", "method-quality", "quality", {}],
  ["dense CRF behind our gate", "gated-crf", "default", { method: "crf" }],
  ["plain SAM's box behind our gate", "gated-box", "default", { method: "box" }],
].map(([label, id, preset, settings]) => ({ label, id, preset, settings }));

/** Figure 7a and b: cascade iterations with excavated mask prompts, and with logits fed back. */
export const iterationCounts = [1, 2, 3, 4, 5];
export const iterationId = (count, fed) =>
  count === 1 ? "prompts-point-box-mask" : `iterations-${count}${fed ? "-fed" : ""}`;

/** Figure 9: ω and γ of the mask prompt, λ of the elastic box. */
export const sweeps = {
  omega: [1, 5, 10, 15, 20, 30],
  gamma: [1, 2, 4, 8, 16],
  lambda: [0, 0.05, 0.1, 0.2, 0.4, 0.8],
};
const PAPER = { omega: 15, gamma: 4, lambda: 0.1 };
export const sweepId = (name, value) =>
  value === PAPER[name] ? "prompts-point-box-mask" : `${name}-${String(value).replace(".", "_")}`;

/**
 * What `default` does otherwise than the paper, each switched off alone, on every set at once; what splits classes is
 * measured on label maps only.
 */
export const ablationRows = [
  ["`default`", "all", {}],
  ["no gate: every candidate is taken", "gate", { gate: "none" }],
  ["any overlap with the coarse mask will do", "overlap", { overlap: 0 }],
  ["embeddings are no witness", "witness", { witness: "none" }],
  ["no growth", "growth", { growth: "none" }],
  ["no edge step", "edges", { edges: "none" }],
  ["one iteration", "iterations", { iterations: 1 }],
  ["the box is never widened", "margins", { margins: [0] }],
  ["token by predicted IoU", "selection", { selection: "predicted-iou" }],
  ["agreement counts for nothing", "agreement", { agreement: 0 }],
  ["ρ 1: any gain of the final contrast will do", "strictness", { strictness: 1 }],
  ["any gain of a step will do", "step-gain", { stepGain: 1 }],
  ["soft outline of the Gaussian mask", "outline", { maskOutline: "soft" }],
  ["bilinear upscaling", "upscale", { upscale: "bilinear" }],
  ["with a negative point", "negative-point", { negativePoint: true }],
  ["with the elastic box", "elastic-box", { elasticBox: true }],
  ["parts merged (STM)", "split", { split: "merge" }, "semantic"],
  ["parts of any size", "min-part", { minPart: 0 }, "semantic"],
].map(([label, name, settings, set = "everything"]) => ({
  label,
  id: `ablation-${name}`,
  preset: "default",
  settings,
  set,
}));

/** An id of its own for a job on another set than the simulated one. */
export const onSet = (id, set) => (set === "simulated" ? id : `${set}-${id}`);

function withSet(set, list) {
  return list.map((job) => ({ ...job, id: onSet(job.id, set), set }));
}

/** Minutes for a set, where the others take half of one. */
const slow = ({ id }) => id.includes("grid") || id.includes("crf");
const table1 = promptRows.map(({ id, settings }) => paper(id, settings, { candidates: true }));
const table1Adapted = table1.map((job) => ({ ...job, id: adaptedId(job.id), adaptor: true }));
const table2a = pointRows.map(({ id, strategy, others }) => ({ id, strategy, others }));
const table2b = boxRows.map(({ id, settings }) => paper(id, settings));
const figure7 = iterationCounts.flatMap((iterations) =>
  [false, true].map((feedLogits) => paper(iterationId(iterations, feedLogits), { iterations, feedLogits })),
);
const figure9 = Object.entries(sweeps).flatMap(([name, values]) =>
  values.map((value) => paper(sweepId(name, value), { [name]: value })),
);

/** Every job once: `{ id, set, preset, settings, candidates? }`, or `{ id, set, strategy, others }`. */
export const jobs = onlyFirst([
  ...withSet("simulated", table1),
  ...["simulated", "davis"].flatMap((set) =>
    withSet(
      set,
      methodRows.filter((job) => !slow(job)),
    ),
  ),
  ...ablationRows,
  ...withSet("simulated", [...table2b, ...table2a, ...table1Adapted]),
  ...withSet(
    "semantic",
    splitRows.map(({ id, settings }) => paper(id, settings)),
  ),
  ...withSet("simulated", figure7),
  ...["simulated", "davis"].flatMap((set) =>
    withSet(
      set,
      methodRows.filter(({ id }) => id === "method-crf"),
    ),
  ),
  ...withSet("simulated", figure9),
  ...["simulated", "davis"].flatMap((set) => withSet(set, methodRows.filter(slow))),
]);

function onlyFirst(list) {
  const seen = new Set();
  return list.filter(({ id }) => !seen.has(id) && seen.add(id));
}
