/** The SDK under Deno, straight from the TypeScript sources: what the Node tests cover in depth, once each. */
import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  decode,
  embeddings,
  evaluate,
  explain,
  jupyterDisplay,
  maskIoU,
  prompts,
  readMask,
  refine,
  refineDataset,
  reportRun,
  sharedRefiner,
} from "samrefiner";
import { mug, photo, sampleDataset } from "./sample-dataset.ts";

const isPNG = (bytes: Uint8Array): boolean => new TextDecoder().decode(bytes.subarray(1, 4)) === "PNG";
const settings = { iterations: 1, growth: "none" } as const;

Deno.test("refine, explain, prompts, embeddings and decode", async () => {
  const refiner = await sharedRefiner({ cacheDir: null, device: "cpu" });
  const compared = await refine(photo, mug, { settings });
  assert.equal(compared.regions[0]?.verdict, "refined");
  assert.ok(isPNG(compared.toPNG()));
  const explained = await explain(photo, mug, { settings });
  assert.equal(explained.regions[0]?.iterations.length, 1);
  const shown = await explained[jupyterDisplay]();
  assert.ok(isPNG(Buffer.from(shown["image/png"]!, "base64")));
  const { regions } = await prompts(photo, mug);
  const candidates = await decode(await embeddings(photo), regions[0]!.prompts);
  const truth = await readMask("examples/sample/truth.png", { encoding: "labels" });
  const mugTruth = { ...truth, data: Uint8Array.from(truth.data, (value) => (value === 1 ? 1 : 0)) };
  const before = maskIoU(regions[0]!.mask, mugTruth);
  assert.deepEqual(
    candidates.map(({ token }) => token),
    [0, 1, 2, 3],
  );
  assert.ok(candidates.some(({ mask }) => maskIoU(mask, mugTruth) > before));
  await refiner.close();
});

Deno.test("a run over a dataset, its report, and its scores", async () => {
  const root = await sampleDataset();
  const refiner = await sharedRefiner({ cacheDir: null, device: "cpu" });
  const out = join(root, "out");
  const result = await refineDataset(join(root, "data"), { out, settings }).result();
  assert.deepEqual(
    result.photos.map(({ key, status }) => [key, status]),
    [["images/a.jpg", "done"]],
  );
  const { report } = reportRun(join(out, "samrefiner-run.jsonl"));
  assert.equal(report.totals.regions.refined, 1);
  const scores = await evaluate(join(out, "masks"), join(root, "data/masks"));
  assert.ok(scores.kind === "labels" && scores.overall.iou > 0.6 && scores.overall.iou < 1);
  await refiner.close();
  await rm(root, { recursive: true });
});

Deno.test("a session: own prompts, saved beside the source", async () => {
  const root = await sampleDataset();
  const refiner = await sharedRefiner({ cacheDir: null, device: "cpu" });
  const session = await refiner.open(join(root, "data/masks/a.png"), { image: photo, settings });
  const before = session.regions[0]!.refinedArea;
  await session.prompt(0, { points: [{ x: 400, y: 300, positive: true }] });
  assert.notEqual(session.regions[0]!.refinedArea, before);
  assert.match((await session[jupyterDisplay]())["text/plain"]!, /^1 regions on /);
  const [file] = await session.save({ accepted: [0], target: { kind: "beside" } });
  assert.ok(isPNG(await readFile(file!.path)));
  await session.close();
  await refiner.close();
  await rm(root, { recursive: true });
});
